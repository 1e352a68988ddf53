/**
 * Letters of the map's names. The map draws them on a canvas, which takes the system's font for what has not arrived of
 * the web font; where the system has none for Hangul, names would be boxes, so they are waited for.
 */

export const MAP_FONT = "'Pretendard GOV', sans-serif";
const SIZE = 24;

/** Whether the system tells Hangul syllables apart: one without a font for them draws the same box for all. */
export function systemDrawsHangul(): boolean {
  const first = pixelsOf("가");
  return first === null || first !== pixelsOf("힣");
}

/** Resolves when the web font has every letter of `texts`, or cannot be had. */
export async function loadLetters(texts: readonly string[]): Promise<void> {
  const letters = [...new Set(texts.join(""))].join("");
  await document.fonts.load(`${SIZE}px ${MAP_FONT}`, letters).catch(() => []);
}

function pixelsOf(letter: string): string | null {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = SIZE * 2;
  const context = canvas.getContext("2d");
  if (!context) return null;
  context.font = `${SIZE}px sans-serif`;
  context.fillText(letter, 0, SIZE * 1.5);
  return canvas.toDataURL();
}
