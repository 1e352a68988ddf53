/**
 * Draws `public/paper-city.svg`, the picture behind the first page's words: a small paper city from the air, with one
 * idea in colour. `node tools/paper_city.mjs > public/paper-city.svg`. The same every time.
 */

const PAPER = { top: "#fffcf6", left: "#eee5d7", right: "#d9cebc" };
const IDEA = { top: "#ffb765", left: "#f28c28", right: "#cf6f10" };
const LINE = "#7d7466";
const PLOT = 10;
const STREET = 2.6;
const SIDE = 15;
const SUN = { x: 0.62, y: -0.34 }; // where a shadow of height 1 ends

let seed = 20261221;
const random = () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
};
const between = (low, high) => low + (high - low) * random();

const VIEW = { x: -560, y: 452, width: 1200, height: 620 };
const project = ([x, y, z = 0]) => [(x - y) * 8.66, (x + y) * 4.6 - z * 9.6];
const isSeen = (x, y, h) => {
  const [px, low] = project([x, y]);
  const high = low - h * 9.6;
  const { x: left, y: top, width, height } = VIEW;
  return px > left - 90 && px < left + width + 90 && low > top - 60 && high < top + height + 20;
};
const points = (corners) =>
  corners.map((corner) => project(corner).map((value) => Math.round(value)).join(" ")).join("L");
const shape = (corners) => `M${points(corners)}Z`;

const boxes = [];
const trees = [];
const greens = [];
const boxAt = (x, y, w, d, h, paint = PAPER, roof = "flat") => {
  if (isSeen(x, y, h)) boxes.push({ x, y, w, d, h, paint, roof });
};
const treeAt = (x, y, size) => {
  if (isSeen(x, y, size)) trees.push([x, y, size]);
};

function fillPlot(column, row) {
  const x = column * (PLOT + STREET);
  const y = row * (PLOT + STREET);
  if (isRiver(column, row)) return;
  if (PARKS.has(`${column},${row}`)) return plantPark(x, y);
  if (column === 9 && row === 7) return drawIdea(x, y);
  const centre = Math.hypot(column - 10.5, row - 3.5);
  if (centre < 2.3) return stackTowers(x, y, 19 - centre * 4);
  if ((column * 2 + row * 3) % 8 === 0) return lineSlabs(x, y);
  return scatterHouses(x, y, centre < 4 ? 6 : 3.4);
}

const PARKS = new Set(["10,7", "9,8", "6,4", "12,6", "7,8", "3,6"]);
const BANKS = [6.15, 7.95]; // rows where the river's banks begin; it drifts by a third of a row a column
const drift = (column) => column * 0.34;
const isRiver = (column, row) => row + 0.95 - drift(column) > BANKS[0] && row + 0.1 - drift(column + 1) < BANKS[1] - 0.3;

function stackTowers(x, y, height) {
  boxAt(x, y, 4.3, 4.3, between(height * 0.5, height));
  boxAt(x + 5.6, y + 0.4, 4, 4.6, between(height * 0.3, height * 0.8));
  boxAt(x + 0.3, y + 5.7, 4.6, 3.9, between(height * 0.25, height * 0.6));
  boxAt(x + 6, y + 6, 3.6, 3.6, between(height * 0.4, height * 0.9));
}

function lineSlabs(x, y) {
  const height = between(6.5, 10);
  for (let slab = 0; slab < 3; slab++) boxAt(x + 0.4, y + 0.3 + slab * 3.5, 9, 1.7, height + between(-0.6, 0.6));
  for (let tree = 0; tree < 5; tree++) treeAt(x + 1 + tree * 1.9, y + 2.8, 0.7);
}

function scatterHouses(x, y, most) {
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j < 3; j++) {
      if (random() < 0.1) treeAt(x + i * 3.4 + 1.3, y + j * 3.4 + 1.3, between(0.7, 1));
      else {
        const roof = random() < 0.4 ? "gable" : "flat";
        boxAt(x + i * 3.4, y + j * 3.4, between(2.2, 2.9), between(2.2, 2.9), between(1.3, most * 0.8), PAPER, roof);
      }
    }
  }
}

function plantPark(x, y) {
  greens.push([x - 0.4, y - 0.4, PLOT + 0.8]);
  for (let tree = 0; tree < 22; tree++) treeAt(x + between(0.3, 9.7), y + between(0.3, 9.7), between(0.7, 1.15));
}

function drawIdea(x, y) {
  greens.push([x - 0.4, y - 0.4, PLOT + 0.8]);
  boxAt(x + 1.4, y + 1.2, 4.4, 4.4, 14, IDEA);
  boxAt(x + 5.8, y + 1.2, 2.4, 6.8, 3.6, IDEA);
  boxAt(x + 1.4, y + 5.6, 4.4, 2.4, 3.6, IDEA);
  for (let tree = 0; tree < 7; tree++) treeAt(x + 0.6 + tree * 1.45, y + 9.2, 0.8);
}

const ground = (x, y, w, d, z = 0) => [
  [x, y, z],
  [x + w, y, z],
  [x + w, y + d, z],
  [x, y + d, z],
];

function shadow({ x, y, w, d, h }) {
  const [sx, sy] = [SUN.x * h, SUN.y * h];
  return shape([
    [x, y + d],
    [x, y],
    [x + sx, y + sy],
    [x + w + sx, y + sy],
    [x + w + sx, y + d + sy],
    [x + w, y + d],
  ]);
}

function box({ x, y, w, d, h, paint, roof }) {
  const left = shape([[x, y + d, 0], [x + w, y + d, 0], [x + w, y + d, h], [x, y + d, h]]);
  const right = shape([[x + w, y + d, 0], [x + w, y, 0], [x + w, y, h], [x + w, y + d, h]]);
  const walls = `<path fill="${paint.left}" d="${left}"/><path fill="${paint.right}" d="${right}"/>`;
  if (roof === "flat") return `${walls}<path fill="${paint.top}" d="${shape(ground(x, y, w, d, h))}"/>`;
  const ridge = h + d * 0.32;
  const [west, east] = [[x, y + d / 2, ridge], [x + w, y + d / 2, ridge]];
  const back = shape([[x, y, h], [x + w, y, h], east, west]);
  const front = shape([[x, y + d, h], [x + w, y + d, h], east, west]);
  const gable = shape([[x + w, y, h], [x + w, y + d, h], east]);
  return (
    `${walls}<path fill="${paint.right}" d="${back}"/><path fill="${paint.top}" d="${front}"/>` +
    `<path fill="${paint.right}" d="${gable}"/>`
  );
}

function tree([x, y, size]) {
  const [px, py] = project([x, y, size * 0.9]).map((value) => Math.round(value * 10) / 10);
  const r = Math.round(size * 62) / 10;
  return `<circle cx="${px}" cy="${py}" r="${r}" fill="#cfd8bd" stroke="#8f9a7d"/>`;
}

for (let column = 0; column < SIDE; column++) for (let row = 0; row < SIDE; row++) fillPlot(column, row);

const span = SIDE * (PLOT + STREET);
const river = [];
const bank = (row, column) => [column * (PLOT + STREET), (row + drift(column)) * (PLOT + STREET)];
for (let column = -4; column <= SIDE + 3; column++) river.push(bank(BANKS[0] + 0.4 + Math.sin(column / 2.2) * 0.16, column));
for (let column = SIDE + 3; column >= -4; column--) river.push(bank(BANKS[1] - 0.1 + Math.sin(column / 2.6) * 0.16, column));
const walk = [];
for (let column = -4; column <= SIDE + 3; column++) walk.push(bank(BANKS[0] - 0.36 + Math.sin(column / 2.2) * 0.16, column));
walk.push(...river.slice(0, SIDE + 8).reverse());
for (let step = 0; step < 130; step++) {
  const column = -1 + step * 0.115;
  const [x, y] = bank(BANKS[0] + between(-0.2, 0.26) + Math.sin(column / 2.2) * 0.16, column);
  treeAt(x, y, between(0.65, 1.1));
}
const bridge = (x) => [[x, BRIDGE[0], 0.8], [x + 2.4, BRIDGE[0], 0.8], [x + 2.4, BRIDGE[1], 0.8], [x, BRIDGE[1], 0.8]];
const BRIDGE = [90, 132];
const plots = [];
for (let column = 0; column < SIDE; column++)
  for (let row = 0; row < SIDE; row++)
    if (!isRiver(column, row)) plots.push(shape(ground(column * 12.6 - 0.6, row * 12.6 - 0.6, PLOT + 1.2, PLOT + 1.2)));

const depth = (item) => (Array.isArray(item) ? item[0] + item[1] : item.x + item.w / 2 + item.y + item.d / 2);
const standing = [...boxes, ...trees].sort((a, b) => depth(a) - depth(b));

process.stdout.write(
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${VIEW.x} ${VIEW.y} ${VIEW.width} ${VIEW.height}" preserveAspectRatio="xMidYMid slice">`,
    `<defs><linearGradient id="haze" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#fffaf1"/>`,
    `<stop offset=".34" stop-color="#fffaf1" stop-opacity="0"/></linearGradient></defs>`,
    `<path fill="#f7f2e8" d="${shape(ground(-60, -60, span + 120, span + 120))}"/>`,
    `<path fill="#ece4d6" d="${plots.join("")}"/>`,
    `<path fill="#d5dfe0" stroke="#b9c6c8" d="${shape(river)}"/>`,
    `<path fill="#dde3cd" d="${shape(walk)}${greens.map(([x, y, side]) => shape(ground(x, y, side, side))).join("")}"/>`,
    `<path fill="#8f8676" fill-opacity=".3" d="${shape(bridge(51).map(([x, y]) => [x + 0.5, y - 0.3]))}"/>`,
    `<path fill="#fffcf6" stroke="${LINE}" stroke-width=".6" d="${shape(bridge(50.2))}"/>`,
    `<path fill="#8f8676" fill-opacity=".3" d="${boxes.map(shadow).join("")}"/>`,
    `<g stroke="${LINE}" stroke-width=".6" stroke-linejoin="round">`,
    ...standing.map((item) => (Array.isArray(item) ? tree(item) : box(item))),
    `</g>`,
    `<path fill="url(#haze)" d="M${VIEW.x} ${VIEW.y}h${VIEW.width}v${VIEW.height}h-${VIEW.width}z"/>`,
    `</svg>`,
    "",
  ].join("\n"),
);
