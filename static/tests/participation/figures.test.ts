import { InstancedMesh, Matrix4, MeshLambertMaterial, Vector3 } from "three";
import { beforeEach, describe, expect, it, vi } from "vitest";

import { Crowd } from "../../src/participation/presence/crowd";
import { Figures } from "../../src/participation/presence/figures";
import { FLYING, STANDING } from "../../src/participation/presence/protocol";

let crowd: Crowd;
let figures: Figures;

beforeEach(() => {
  crowd = new Crowd(() => 1000);
  figures = new Figures(crowd, new MeshLambertMaterial());
});

function meshes(): InstancedMesh[] {
  return figures.object.children.filter((child): child is InstancedMesh => child instanceof InstancedMesh);
}

function placeOf(mesh: InstancedMesh | undefined, index: number): Vector3 {
  const matrix = new Matrix4();
  mesh?.getMatrixAt(index, matrix);
  return new Vector3().setFromMatrixPosition(matrix);
}

describe("paper figures", () => {
  it("stand where people stand, with four limbs each, and fly as kites over what people look at", () => {
    crowd.hear(1, 10, 20, 3, 0, STANDING);
    crowd.hear(2, 30, 40, 5, 0, FLYING);
    crowd.settle(0);
    expect(figures.step()).toBe(true);
    const [coats, heads, limbs, kites] = meshes();
    expect([coats, heads, limbs, kites].map((mesh) => mesh?.count)).toEqual([1, 1, 4, 1]);
    expect(placeOf(coats, 0).toArray()).toEqual([10, 3, -20]);
    expect(placeOf(kites, 0).toArray()).toEqual([30, 14, -40]);
  });

  it("draw no more than there is room for", () => {
    for (let id = 1; id <= 300; id += 1) crowd.hear(id, id, 0, 0, 0, STANDING);
    figures.step();
    expect(meshes()[0]?.count).toBe(64);
  });

  it("rest when nobody moves", () => {
    crowd.hear(1, 10, 20, 3, 0, STANDING);
    crowd.settle(0);
    const later = new Crowd(() => 1000);
    expect(new Figures(later, new MeshLambertMaterial()).step()).toBe(false);
  });

  it("leave nothing behind", () => {
    const disposed = vi.fn();
    for (const mesh of meshes()) mesh.geometry.addEventListener("dispose", disposed);
    figures.dispose();
    expect(disposed).toHaveBeenCalledTimes(4);
    expect(figures.object.children).toEqual([]);
  });
});
