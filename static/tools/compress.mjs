/**
 * Compresses GLBs with meshopt, one after the other, for as long as standard input stays open.
 *
 * A request is a byte naming the job, a little-endian uint32 length and as many bytes of GLB; the answer is a byte
 * (0 done, 1 failed), a length and the payload (for a failure, its reason in UTF-8). Jobs:
 *   C  compress: the GLB with EXT_meshopt_compression
 *   D  decompress: the GLB without it
 *   V  validate: gltf-validator's report as JSON
 *
 * It works on buffer views itself, because general glTF tools drop the extensions they do not know, and the features'
 * identities are in such extensions.
 */
import { readSync, writeSync } from "node:fs";
import { MeshoptDecoder } from "meshoptimizer/decoder";
import { MeshoptEncoder } from "meshoptimizer/encoder";

const MESHOPT = "EXT_meshopt_compression";
const INDEX_BYTES = { 5121: 1, 5123: 2, 5125: 4 };
const GLB_MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;

const pad = (length, to) => Math.ceil(length / to) * to;

function parseGlb(glb) {
  const view = new DataView(glb.buffer, glb.byteOffset, glb.byteLength);
  if (view.getUint32(0, true) !== GLB_MAGIC) throw new Error("not a GLB");
  const jsonLength = view.getUint32(12, true);
  const json = JSON.parse(Buffer.from(glb.subarray(20, 20 + jsonLength)).toString());
  return { json, binary: glb.subarray(20 + jsonLength + 8) };
}

function writeGlb(json, views) {
  let offset = 0;
  for (const { target, bytes } of views) {
    target.byteOffset = offset;
    offset += pad(bytes.length, 8);
  }
  json.buffers[0].byteLength = offset;
  const text = Buffer.from(JSON.stringify(json));
  const textLength = pad(text.length, 4);
  const out = Buffer.alloc(20 + textLength + 8 + offset);
  out.writeUInt32LE(GLB_MAGIC, 0);
  out.writeUInt32LE(2, 4);
  out.writeUInt32LE(out.length, 8);
  out.writeUInt32LE(textLength, 12);
  out.writeUInt32LE(JSON_CHUNK, 16);
  out.fill(0x20, 20 + text.length, 20 + textLength);
  text.copy(out, 20);
  out.writeUInt32LE(offset, 20 + textLength);
  out.writeUInt32LE(BIN_CHUNK, 24 + textLength);
  for (const { target, bytes } of views) out.set(bytes, 28 + textLength + target.byteOffset);
  return out;
}

const viewBytes = (json, binary) =>
  json.bufferViews.map(({ byteOffset = 0, byteLength }) => binary.slice(byteOffset, byteOffset + byteLength));

function readIndices(bytes, componentType) {
  const { buffer, byteOffset, byteLength } = bytes;
  const count = byteLength / INDEX_BYTES[componentType];
  return componentType === 5125
    ? new Uint32Array(buffer.slice(byteOffset, byteOffset + byteLength))
    : Uint32Array.from(new Uint16Array(buffer.slice(byteOffset, byteOffset + byteLength)).subarray(0, count));
}

function writeIndices(indices, componentType) {
  const typed = componentType === 5125 ? indices : Uint16Array.from(indices);
  return new Uint8Array(typed.buffer, typed.byteOffset, typed.byteLength);
}

/** Puts triangles and vertices into the order that compresses best and draws fastest. */
function reorder(json, bytes) {
  for (const primitive of json.meshes.flatMap((mesh) => mesh.primitives)) {
    const accessor = json.accessors[primitive.indices];
    const indices = readIndices(bytes[accessor.bufferView], accessor.componentType);
    const [remap, used] = MeshoptEncoder.reorderMesh(indices, true, true);
    bytes[accessor.bufferView] = writeIndices(indices, accessor.componentType);
    for (const index of Object.values(primitive.attributes)) {
      const attribute = json.accessors[index];
      if (attribute.count !== used) throw new Error("a vertex belongs to no triangle");
      const stride = json.bufferViews[attribute.bufferView].byteStride;
      const from = bytes[attribute.bufferView];
      const to = new Uint8Array(from.length);
      for (let i = 0; i < remap.length; i++) to.set(from.subarray(i * stride, (i + 1) * stride), remap[i] * stride);
      bytes[attribute.bufferView] = to;
    }
  }
}

/** How each buffer view is to be encoded; views that stay as they are have no entry. */
function encodings(json) {
  const found = new Map();
  for (const primitive of json.meshes.flatMap((mesh) => mesh.primitives)) {
    const { bufferView, componentType } = json.accessors[primitive.indices];
    found.set(bufferView, { mode: "TRIANGLES", byteStride: INDEX_BYTES[componentType] });
    for (const index of Object.values(primitive.attributes)) {
      const view = json.accessors[index].bufferView;
      found.set(view, { mode: "ATTRIBUTES", byteStride: json.bufferViews[view].byteStride });
    }
  }
  for (const table of json.extensions?.EXT_structural_metadata?.propertyTables ?? []) {
    for (const { stringOffsets, stringOffsetType = "UINT32" } of Object.values(table.properties)) {
      if (stringOffsets !== undefined && stringOffsetType === "UINT32") {
        found.set(stringOffsets, { mode: "ATTRIBUTES", byteStride: 4 });
      }
    }
  }
  return found;
}

function compress(glb) {
  const { json, binary } = parseGlb(glb);
  const bytes = viewBytes(json, binary);
  reorder(json, bytes);
  const how = encodings(json);
  let plainLength = 0;
  const views = json.bufferViews.map((view, index) => {
    const encoding = how.get(index);
    if (!encoding) return { target: view, bytes: bytes[index] };
    const count = bytes[index].length / encoding.byteStride;
    const encoded = MeshoptEncoder.encodeGltfBuffer(bytes[index], count, encoding.byteStride, encoding.mode, 0);
    const target = { buffer: 0, byteOffset: 0, byteLength: encoded.length, ...encoding, count };
    Object.assign(view, { buffer: 1, byteOffset: plainLength, extensions: { [MESHOPT]: target } });
    plainLength += pad(view.byteLength, 8);
    return { target, bytes: encoded };
  });
  json.buffers.push({ byteLength: plainLength, extensions: { [MESHOPT]: { fallback: true } } });
  json.extensionsUsed = [...(json.extensionsUsed ?? []), MESHOPT];
  json.extensionsRequired = [...(json.extensionsRequired ?? []), MESHOPT];
  return writeGlb(json, views);
}

function decompress(glb) {
  const { json, binary } = parseGlb(glb);
  const views = json.bufferViews.map((view) => {
    const source = view.extensions?.[MESHOPT];
    const { byteOffset, byteLength } = source ?? view;
    const stored = binary.slice(byteOffset, byteOffset + byteLength);
    if (!source) return { target: view, bytes: stored };
    const bytes = new Uint8Array(source.count * source.byteStride);
    MeshoptDecoder.decodeGltfBuffer(bytes, source.count, source.byteStride, stored, source.mode, source.filter);
    delete view.extensions;
    view.buffer = 0;
    return { target: view, bytes };
  });
  json.buffers = [{}];
  json.extensionsUsed = json.extensionsUsed.filter((name) => name !== MESHOPT);
  json.extensionsRequired = json.extensionsRequired.filter((name) => name !== MESHOPT);
  return writeGlb(json, views);
}

async function validate(glb) {
  const { validateBytes } = (await import("gltf-validator")).default;
  return Buffer.from(JSON.stringify(await validateBytes(new Uint8Array(glb), { maxIssues: 100 })));
}

const JOBS = { C: compress, D: decompress, V: validate };

/** The next `length` bytes of standard input; null where it has ended. */
function read(length) {
  const into = Buffer.alloc(length);
  for (let have = 0; have < length; ) {
    const got = readSync(0, into, have, length - have, null);
    if (got === 0) return null;
    have += got;
  }
  return into;
}

function write(bytes) {
  for (let sent = 0; sent < bytes.length; ) sent += writeSync(1, bytes, sent);
}

function answer(failed, payload) {
  const head = Buffer.alloc(5);
  head.writeUInt8(failed, 0);
  head.writeUInt32LE(payload.length, 1);
  write(head);
  write(payload);
}

await Promise.all([MeshoptEncoder.ready, MeshoptDecoder.ready]);
for (let head = read(5); head !== null; head = read(5)) {
  const glb = read(head.readUInt32LE(1));
  if (glb === null) break;
  try {
    const job = JOBS[String.fromCharCode(head[0])];
    if (!job) throw new Error("no such job");
    answer(0, await job(glb));
  } catch (error) {
    answer(1, Buffer.from(String(error?.message ?? error)));
  }
}
