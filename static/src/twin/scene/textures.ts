import { DataTexture, RedFormat, UnsignedByteType } from "three";

/** One white texel: what a shader reads where nothing is baked. */
export function whiteTexture(): DataTexture {
  const texture = new DataTexture(new Uint8Array([255]), 1, 1, RedFormat, UnsignedByteType);
  texture.needsUpdate = true;
  return texture;
}
