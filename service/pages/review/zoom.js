// Zooming and panning: wheel, pinch and drag move what is inside the panes, all of them alike.
const MOST = 12;

export class Zoom {
  constructor(stage, canvases, onChange) {
    Object.assign(this, { stage, canvases, onChange, scale: 1, x: 0, y: 0, pointers: new Map(), blocked: () => false });
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    for (const name of ["pointerup", "pointercancel", "pointerleave"]) {
      stage.addEventListener(name, (event) => this.pointers.delete(event.pointerId));
    }
  }

  reset() {
    Object.assign(this, { scale: 1, x: 0, y: 0 });
    this.#apply();
  }

  // Make it larger by a factor, about a point of the pane (its middle where none is given).
  by(factor, at) {
    const pane = this.canvases[0].parentElement.getBoundingClientRect();
    const { x, y } = at || { x: pane.width / 2, y: pane.height / 2 };
    const scale = Math.min(MOST, Math.max(1, this.scale * factor));
    this.x = x - ((x - this.x) * scale) / this.scale;
    this.y = y - ((y - this.y) * scale) / this.scale;
    this.scale = scale;
    this.#apply();
  }

  #apply() {
    const pane = this.canvases[0].parentElement.getBoundingClientRect();
    this.x = Math.min(0, Math.max(pane.width * (1 - this.scale), this.x));
    this.y = Math.min(0, Math.max(pane.height * (1 - this.scale), this.y));
    const transform = this.scale === 1 ? "" : `translate(${this.x}px, ${this.y}px) scale(${this.scale})`;
    this.canvases.forEach((canvas) => (canvas.style.transform = transform));
    this.stage.classList.toggle("dw-zoomed", this.scale > 1);
    this.onChange(this.scale);
  }

  #at(event) {
    const pane = event.target.closest?.(".dw-pane") || this.canvases[0].parentElement;
    const box = pane.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #wheel(event) {
    event.preventDefault();
    this.by(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), this.#at(event));
  }

  #down(event) {
    if (this.blocked(event) || event.target.closest("button, .dw-divider")) return;
    this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  #move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) return;
    const now = { x: event.clientX, y: event.clientY };
    const other = [...this.pointers].find(([id]) => id !== event.pointerId)?.[1];
    this.pointers.set(event.pointerId, now);
    if (other) {
      const apart = (point) => Math.hypot(point.x - other.x, point.y - other.y) || 1;
      this.by(apart(now) / apart(before), this.#at(event));
      return;
    }
    if (this.scale === 1) return;
    if (!this.stage.hasPointerCapture(event.pointerId)) this.stage.setPointerCapture(event.pointerId);
    this.x += now.x - before.x;
    this.y += now.y - before.y;
    this.#apply();
  }
}
