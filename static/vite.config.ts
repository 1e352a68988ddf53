import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";

import { defineConfig, type Plugin } from "vite";

const here = fileURLToPath(new URL(".", import.meta.url));
const entriesDir = join(here, "src", "entries");

/** Every file in `src/entries` is one entry; a page asks for it by its name: `{% vite 'site' %}`. */
const entries = Object.fromEntries(
  readdirSync(entriesDir)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [basename(file, ".ts"), join(entriesDir, file)]),
);

const WORTH_COMPRESSING = /\.(js|css|svg|json)$/;

/** Writes `.br` and `.gz` beside every built text, so that the server only has to choose. */
function compress(): Plugin {
  return {
    name: "compress",
    apply: "build",
    writeBundle({ dir }, bundle) {
      for (const name of Object.keys(bundle).filter((file) => WORTH_COMPRESSING.test(file))) {
        const file = join(dir ?? "", name);
        const content = readFileSync(file);
        writeFileSync(`${file}.br`, brotliCompressSync(content));
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
      }
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [compress()],
  // Django's static address. `dist` is one of its static directories, so `dist/assets/x.js` is `/static/assets/x.js`.
  base: "/static/",
  // Fonts and icons are served by Django as they are.
  publicDir: false,
  build: {
    outDir: join(here, "dist"),
    emptyOutDir: true,
    assetsDir: "assets",
    manifest: true,
    target: ["es2022", "chrome108", "safari16.4", "firefox115"],
    // The content security policy allows neither inline scripts nor data: fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    cssCodeSplit: true,
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: {
      input: entries,
      // Compressing takes most of the time, as it should: no word about it.
      checks: { pluginTimings: false },
      output: {
        // The two heavy libraries in files of their own: cached across releases, and never one on the other's page.
        codeSplitting: {
          groups: [
            { name: "three", test: /node_modules[\\/](three|3d-tiles-renderer|meshoptimizer)[\\/]/ },
            { name: "maplibre", test: /node_modules[\\/]maplibre-gl[\\/]/ },
          ],
        },
      },
    },
  },
  worker: { format: "es" },
});
