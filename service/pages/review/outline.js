// The tool that draws outlines and boxes on the picture; what is drawn is kept in this tab until it is sent or dropped.
const SVG = "http://www.w3.org/2000/svg";
const draftKey = (id) => `dw-draft-${id}`;

export class Outline {
  constructor(layer, scale, onChange) {
    Object.assign(this, { layer, scale, onChange, id: null, kind: "area", name: "", shapes: [], open: [], past: [] });
    this.drag = null;
    layer.addEventListener("pointerdown", (event) => this.#down(event));
    layer.addEventListener("pointermove", (event) => this.#move(event));
    layer.addEventListener("pointerup", () => this.#up());
    layer.addEventListener("contextmenu", (event) => this.#drop(event));
  }

  static hasDraft(id) {
    return sessionStorage.getItem(draftKey(id)) !== null;
  }

  static forget(id) {
    sessionStorage.removeItem(draftKey(id));
  }

  begin(id, kind, name) {
    Object.assign(this, { id, kind, name, shapes: [], open: [], past: [], drag: null });
    const draft = JSON.parse(sessionStorage.getItem(draftKey(id)) || "null");
    if (draft) Object.assign(this, draft);
    this.draw();
  }

  end() {
    this.id = null;
    this.layer.replaceChildren();
  }

  // Whether something is drawn that a decision could take along; an open outline counts, it closes then.
  get isDrawn() {
    return this.shapes.length > 0 || (this.kind === "area" && this.open.length > 2);
  }

  // What is drawn, as the service takes it; null where nothing is whole.
  get correction() {
    const areas = this.shapes.filter((each) => each.kind === "area");
    const boxes = this.shapes.filter((each) => each.kind === "box");
    if (!areas.length && !boxes.length) return null;
    return {
      areas: areas.map((each) => ({ class_name: each.name, points: each.points })),
      boxes: boxes.map((each) => ({ class_name: each.name, bbox_xyxy: extent(each.points) })),
    };
  }

  close() {
    if (this.kind !== "area" || this.open.length < 3) return;
    this.#remember();
    this.shapes.push({ kind: "area", name: this.name, points: this.open });
    this.open = [];
    this.#changed();
  }

  undo() {
    if (!this.past.length) return;
    Object.assign(this, JSON.parse(this.past.pop()));
    this.#changed();
  }

  removeLast() {
    if (!this.open.length && !this.shapes.length) return;
    this.#remember();
    if (this.open.length) this.open.pop();
    else this.shapes.pop();
    this.#changed();
  }

  draw() {
    const svg = document.createElementNS(SVG, "svg");
    svg.setAttribute("viewBox", "0 0 1 1");
    svg.setAttribute("preserveAspectRatio", "none");
    const knobs = [];
    this.shapes.forEach((shape, number) => {
      const corners = shape.kind === "box" ? rectangle(shape.points) : shape.points;
      svg.append(path(`${line(corners)} Z`, `dw-drawn dw-drawn-${shape.name}`));
      shape.points.forEach((point, place) => knobs.push(this.#knob(point, number, place)));
    });
    if (this.open.length) svg.append(path(line(this.open), "dw-drawn dw-drawn-open"));
    this.open.forEach((point, place) => knobs.push(this.#knob(point, -1, place)));
    this.layer.replaceChildren(svg, ...knobs);
  }

  #knob([x, y], shape, place) {
    const knob = document.createElement("div");
    knob.className = "dw-knob";
    Object.assign(knob.dataset, { shape, place });
    Object.assign(knob.style, { left: `${x * 100}%`, top: `${y * 100}%`, transform: `translate(-50%, -50%) scale(${1 / this.scale()})` });
    return knob;
  }

  #point(event) {
    const box = this.layer.getBoundingClientRect();
    const share = (value) => Math.round(Math.min(1, Math.max(0, value)) * 1e5) / 1e5;
    return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
  }

  #points(shape) {
    return shape === -1 ? this.open : this.shapes[shape].points;
  }

  #down(event) {
    if (this.id === null || event.button !== 0) return;
    event.preventDefault();
    event.stopPropagation();
    this.layer.setPointerCapture(event.pointerId);
    const { shape, place } = event.target.dataset;
    if (shape === "-1" && place === "0" && this.open.length > 2) return this.close();
    this.#remember();
    if (shape !== undefined) {
      this.drag = { shape: Number(shape), place: Number(place) };
    } else if (this.kind === "box") {
      const at = this.#point(event);
      this.shapes.push({ kind: "box", name: this.name, points: [at, at] });
      this.drag = { shape: this.shapes.length - 1, place: 1 };
    } else {
      this.open.push(this.#point(event));
      this.drag = { shape: -1, place: this.open.length - 1 };
    }
    this.#changed();
  }

  #move(event) {
    if (!this.drag) return;
    event.stopPropagation();
    this.#points(this.drag.shape)[this.drag.place] = this.#point(event);
    this.draw();
  }

  #up() {
    if (!this.drag) return;
    const last = this.shapes.at(-1);
    this.drag = null;
    if (last?.kind === "box") {
      const [left, top, right, bottom] = extent(last.points);
      if (right - left < 0.003 || bottom - top < 0.003) this.shapes.pop(); // a click is no box
    }
    this.#changed();
  }

  // The right button takes a point away, and a shape that has too few left.
  #drop(event) {
    const { shape, place } = event.target.dataset;
    event.preventDefault();
    if (shape === undefined) return;
    this.#remember();
    const points = this.#points(Number(shape));
    const isBox = shape !== "-1" && this.shapes[shape].kind === "box";
    points.splice(Number(place), 1);
    if (shape !== "-1" && (isBox || points.length < 3)) this.shapes.splice(Number(shape), 1);
    this.#changed();
  }

  #remember() {
    this.past.push(JSON.stringify({ shapes: this.shapes, open: this.open }));
    if (this.past.length > 200) this.past.shift();
  }

  #changed() {
    const { kind, name, shapes, open } = this;
    if (shapes.length || open.length) sessionStorage.setItem(draftKey(this.id), JSON.stringify({ kind, name, shapes, open }));
    else Outline.forget(this.id);
    this.draw();
    this.onChange();
  }
}

function path(data, className) {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("d", data);
  element.setAttribute("class", className);
  element.setAttribute("vector-effect", "non-scaling-stroke");
  return element;
}

const line = (points) => `M ${points.map(([x, y]) => `${x} ${y}`).join(" L ")}`;

function extent(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

function rectangle(points) {
  const [left, top, right, bottom] = extent(points);
  return [[left, top], [right, top], [right, bottom], [left, bottom]];
}
