// Draws the app's icon and writes it in every form that a system wants. Run by hand after a change of the drawing
// (`node build/icons.mjs`); what it writes is committed, so that packaging converts and fetches nothing.

import './node-version.mjs';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { findBrowser } from './browser.mjs';
import { ROOT } from './paths.mjs';

const FOLDER = path.join(ROOT, 'build/icons');
const PNG_SIZES = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Apple's names for PNGs in an icon file, by size in pixels. */
const ICNS_TYPES = {
  16: 'icp4',
  32: 'icp5',
  64: 'icp6',
  128: 'ic07',
  256: 'ic08',
  512: 'ic09',
  1024: 'ic10',
};

/** The mark of renderer/ui/Logo.tsx: a pulse, interrupted once and taken up again; here the cut is seen as well. */
const SVG = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1024 1024">
  <defs>
    <linearGradient id="ground" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#242b34"/>
      <stop offset="1" stop-color="#0f1216"/>
    </linearGradient>
  </defs>
  <rect x="64" y="64" width="896" height="896" rx="200" fill="url(#ground)"/>
  <rect x="68" y="68" width="888" height="888" rx="196" fill="none" stroke="#ffffff" stroke-opacity="0.08" stroke-width="8"/>
  <g fill="none" stroke-width="76" stroke-linecap="round" stroke-linejoin="round">
    <path d="M170 512h106l94-224 124 436" stroke="#6ea8fe"/>
    <path d="M688 384l50 128h116" stroke="#2bb5a0"/>
  </g>
  <path d="M592 228v568" fill="none" stroke="#ff5d7a" stroke-width="36" stroke-linecap="round" stroke-dasharray="1 86"/>
</svg>
`;

/**
 * @param {number} size pixels
 * @param {import('playwright-core').Page} page
 */
async function draw(size, page) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${SVG}`,
  );
  return page.screenshot({ omitBackground: true, clip: { x: 0, y: 0, width: size, height: size } });
}

/**
 * A Windows icon: a directory of 16 bytes an image, then the PNGs (0 stands for 256 pixels).
 * @param {readonly { size: number, png: Buffer }[]} images
 */
function ico(images) {
  const header = Buffer.alloc(6 + 16 * images.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(images.length, 4);
  let offset = header.length;
  images.forEach(({ size, png }, i) => {
    const at = 6 + 16 * i;
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...images.map(({ png }) => png)]);
}

/**
 * An Apple icon: `icns`, the length of all, then for each image its type, its length with these eight bytes, the PNG.
 * @param {readonly { type: string, png: Buffer }[]} images
 */
function icns(images) {
  /** @param {string} type @param {number} length */
  const head = (type, length) => {
    const bytes = Buffer.alloc(8);
    bytes.write(type, 'latin1');
    bytes.writeUInt32BE(length + 8, 4);
    return bytes;
  };
  const body = Buffer.concat(images.flatMap(({ type, png }) => [head(type, png.length), png]));
  return Buffer.concat([head('icns', body.length), body]);
}

const found = await findBrowser();
if ('problem' in found) throw new Error(found.problem);
mkdirSync(FOLDER, { recursive: true });
writeFileSync(path.join(FOLDER, 'icon.svg'), SVG);
const browser = await chromium.launch({
  executablePath: found.path,
  args: ['--no-sandbox', '--disable-gpu'],
});
const page = await browser.newPage();
/** @type {Map<number, Buffer>} */
const pngs = new Map();
for (const size of PNG_SIZES) {
  const png = await draw(size, page);
  pngs.set(size, png);
  writeFileSync(path.join(FOLDER, `${size}x${size}.png`), png);
}
await browser.close();
const of = (/** @type {number} */ size) => /** @type {Buffer} */ (pngs.get(size));
writeFileSync(path.join(FOLDER, 'icon.ico'), ico(ICO_SIZES.map((size) => ({ size, png: of(size) }))));
writeFileSync(
  path.join(FOLDER, 'icon.icns'),
  icns(Object.entries(ICNS_TYPES).map(([size, type]) => ({ type, png: of(Number(size)) }))),
);
