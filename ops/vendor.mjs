// Copies the front-end files we ship, with their licences, out of node_modules and writes a manifest.
// Run by hand after changing a version in package.json: `npm ci && npm run vendor`, then commit.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const shipped = [
  {
    name: "@digital-go-jp/design-tokens",
    to: "accreditation/static/vendor/design-tokens",
    files: ["dist/tokens.css", "LICENSE"],
  },
  {
    name: "htmx.org",
    to: "accreditation/static/vendor/htmx",
    files: ["dist/htmx.min.js", "LICENSE"],
  },
  {
    name: "axe-core",
    to: "tests/browser/vendor/axe",
    files: ["axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt"],
  },
];

/** Copies one file and says where it lies now, with its SHA-384 as browsers write it. */
function copy(from, to) {
  mkdirSync(dirname(join(root, to)), { recursive: true });
  copyFileSync(from, join(root, to));
  const digest = createHash("sha384").update(readFileSync(from)).digest("base64");
  return { path: to, integrity: `sha384-${digest}` };
}

const manifest = shipped.map(({ name, to, files }) => {
  const source = join(root, "node_modules", name);
  const { version, license } = JSON.parse(readFileSync(join(source, "package.json"), "utf8"));
  const copies = files.map((file) => copy(join(source, file), join(to, basename(file))));
  return { name, version, license, files: copies };
});

const target = join(root, "accreditation/static/vendor/manifest.json");
writeFileSync(target, `${JSON.stringify(manifest, null, 2)}\n`);
