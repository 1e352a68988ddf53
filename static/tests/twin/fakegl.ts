/** A WebGL2 context that draws nothing and counts what is made and given back. */

const OBJECTS = ["Buffer", "Texture", "Framebuffer", "Renderbuffer", "Program", "Shader", "VertexArray", "Query", "Sampler"];

export class FakeGl {
  /** Errors that the device has to tell, by the names of their constants. */
  readonly errors: string[] = [];
  /** How many of each kind of object live. */
  readonly alive = new Map<string, number>();
  readonly context: WebGL2RenderingContext;

  constructor(canvas: HTMLCanvasElement) {
    const constants = new Map<string, number>();
    const target: Record<string, unknown> = { canvas, drawingBufferWidth: 300, drawingBufferHeight: 150 };
    this.context = new Proxy(target, {
      get: (_, name) => {
        if (typeof name !== "string") return undefined;
        if (name in target) return target[name];
        if (/^[A-Z0-9_]+$/.test(name)) {
          if (!constants.has(name)) constants.set(name, constants.size + 1);
          return constants.get(name);
        }
        return (...given: unknown[]) => this.#call(name, given, constants);
      },
    }) as unknown as WebGL2RenderingContext;
  }

  get total(): number {
    return [...this.alive.values()].reduce((sum, count) => sum + count, 0);
  }

  #call(name: string, given: readonly unknown[], constants: ReadonlyMap<string, number>): unknown {
    const made = /^create(\w+)$/.exec(name)?.[1];
    if (made && OBJECTS.includes(made)) {
      this.alive.set(made, (this.alive.get(made) ?? 0) + 1);
      return { kind: made };
    }
    const gone = /^delete(\w+)$/.exec(name)?.[1];
    if (gone && OBJECTS.includes(gone)) {
      if (given[0]) this.alive.set(gone, (this.alive.get(gone) ?? 0) - 1);
      return undefined;
    }
    switch (name) {
      case "getContextAttributes":
        return { alpha: true, antialias: false, depth: true, stencil: false };
      case "getShaderPrecisionFormat":
        return { precision: 23, rangeMin: 127, rangeMax: 127 };
      case "getParameter":
        if (given[0] === constants.get("VERSION")) return "WebGL 2.0 (fake)";
        if (given[0] === constants.get("SHADING_LANGUAGE_VERSION")) return "WebGL GLSL ES 3.00 (fake)";
        if (given[0] === constants.get("SCISSOR_BOX") || given[0] === constants.get("VIEWPORT")) return [0, 0, 300, 150];
        return 4096;
      case "getProgramParameter":
        return given[1] === constants.get("LINK_STATUS") ? true : 0;
      case "getShaderParameter":
        return true;
      case "getExtension":
        return given[0] === "EXT_color_buffer_float" ? {} : null;
      case "getSupportedExtensions":
        return [];
      case "getProgramInfoLog":
      case "getShaderInfoLog":
        return "";
      case "checkFramebufferStatus":
        return constants.get("FRAMEBUFFER_COMPLETE");
      case "getError":
        return (this.context as unknown as Record<string, number>)[this.errors.shift() ?? "NO_ERROR"];
      case "isContextLost":
        return false;
      case "getUniformLocation":
        return {};
      case "getAttribLocation":
        return -1;
      default:
        return undefined;
    }
  }
}
