// Writes static/vendor from the locked npm packages:  npm ci && npm run build
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { PurgeCSS } from "purgecss";
import { minify } from "terser";

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, "node_modules");
const project = join(here, "..", "..");
const vendor = join(project, "static", "vendor");
const LARGEST_CHARTS_GZIP = 150_000;
const BANNER = "/*! Apache ECharts 5.6 (Apache-2.0) and zrender (BSD-3-Clause): see LICENSE and NOTICE beside this file. */\n";

const ICONS = readFileSync(join(here, "icons.txt"), "utf8").split("\n").filter(Boolean);

function folder(name) {
  const path = join(vendor, name);
  mkdirSync(path, { recursive: true });
  return path;
}

// Classes that templates and WTForms put together from parts (btn-{{ kind }}), so that no text shows them whole.
const PUT_TOGETHER = [/^btn/, /^form-/, /^input-group/, /^is-(in)?valid$/];
// Fields that WTForms writes: rules that speak of their type are kept by what they look like on the page.
const FIELDS = { raw: '<input type="radio"><input type="checkbox"><input type="file"><select></select>', extension: "html" };

// Only the rules of classes that some template, script or form names; who uses another class builds again.
async function bootstrap() {
  const out = folder("bootstrap");
  const css = readFileSync(join(modules, "bootstrap/dist/css/bootstrap.min.css"), "utf8");
  const [used] = await new PurgeCSS().purge({
    // The map is not shipped; without the remark no browser asks for it.
    css: [{ raw: css.replace(/\/\*# sourceMappingURL=.*?\*\/\s*$/, "") }],
    content: [FIELDS, ...["templates/**/*.html", "static/js/*.js", "portal/**/*.py"].map((path) => join(project, path))],
    safelist: PUT_TOGETHER,
    keyframes: true,
  });
  writeFileSync(join(out, "bootstrap.min.css"), used.css);
  console.log(`bootstrap.min.css: ${gzipSync(used.css, { level: 9 }).length} bytes gzipped`);
  copyFileSync(join(modules, "bootstrap/LICENSE"), join(out, "LICENSE"));
}

function icons() {
  const out = folder("icons");
  const symbols = ICONS.map((name) => {
    const svg = readFileSync(join(modules, "bootstrap-icons/icons", `${name}.svg`), "utf8");
    const inside = svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>\s*$/, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 16 16" fill="currentColor">${inside}</symbol>`;
  });
  writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);
  copyFileSync(join(modules, "bootstrap-icons/LICENSE"), join(out, "LICENSE"));
}

// What no page shows: words of the toolbox in Chinese, the themes (the page gives its own colours), the spinner.
const UNUSED = /\/(i18n\/langZH|theme\/(light|dark)|loading\/default)\.js$/;

const withoutUnused = {
  name: "without-unused",
  setup(building) {
    building.onLoad({ filter: UNUSED }, () => ({ contents: "export default {};", loader: "js" }));
  },
};

async function charts() {
  const out = folder("echarts");
  const bundle = await build({
    entryPoints: [join(here, "charts.entry.js")],
    bundle: true,
    plugins: [withoutUnused],
    write: false,
    format: "iife",
    target: "es2020",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  // terser folds what esbuild leaves: measured 149,888 bytes gzipped with all that is left out (ECharts 6.1 is too large).
  const small = await minify(bundle.outputFiles[0].text, {
    ecma: 2020,
    compress: { passes: 3, pure_getters: true, unsafe_arrows: true, keep_fargs: false, toplevel: true },
    mangle: { toplevel: true },
    format: { comments: false },
  });
  writeFileSync(join(out, "echarts.js"), BANNER + small.code + "\n");
  copyFileSync(join(modules, "echarts/LICENSE"), join(out, "LICENSE"));
  copyFileSync(join(modules, "echarts/NOTICE"), join(out, "NOTICE"));
  copyFileSync(join(modules, "zrender/LICENSE"), join(out, "LICENSE-zrender"));
  const size = gzipSync(readFileSync(join(out, "echarts.js")), { level: 9 }).length;
  console.log(`echarts.js: ${size} bytes gzipped`);
  if (size > LARGEST_CHARTS_GZIP) throw new Error(`the chart library is larger than ${LARGEST_CHARTS_GZIP} bytes gzipped`);
}

await bootstrap();
icons();
await charts();
