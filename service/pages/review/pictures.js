// The pictures of the case that is shown and of those around it: loaded ahead, and each bound to its case for ever.
export class Pictures {
  constructor(now, beside, onPainted, onFailed) {
    this.now = now;
    this.beside = beside;
    this.onPainted = onPainted;
    this.onFailed = onFailed;
    this.sets = new Map();
    this.shownId = null;
    this.withDrawing = true;
  }

  // Show one case's pictures at once; until they are there, none is seen. Keep `ahead`, drop all others.
  show(shown, ahead) {
    const kept = new Set([shown, ...ahead].filter(Boolean).map((each) => each.id));
    for (const [id, set] of this.sets) {
      if (kept.has(id)) continue;
      Object.values(set.images).forEach((image) => image.remove());
      this.sets.delete(id);
    }
    this.shownId = shown ? shown.id : null;
    if (shown) this.#load(shown);
    this.#mark();
    ahead.filter(Boolean).forEach((each) => this.#load(each));
  }

  // The picture in sight, null while there is none.
  get current() {
    const set = this.sets.get(this.shownId);
    if (!set) return null;
    const { clean, annotated } = set.images;
    return (this.withDrawing ? annotated : clean) || annotated || clean || null;
  }

  toggleDrawing(on) {
    this.withDrawing = on;
    this.#mark();
  }

  #load(each) {
    if (this.sets.has(each.id)) return;
    const set = { images: {} };
    this.sets.set(each.id, set);
    for (const role of ["clean", "annotated", "beside"]) {
      if (!each[role]) continue;
      const image = new Image();
      image.className = `dw-picture dw-of-${role}`;
      image.decoding = "sync"; // else a browser may paint one frame without it
      image.draggable = false;
      image.alt = each.alt;
      image.dataset.case = each.id;
      image.addEventListener("load", () => this.#paint(each.id));
      image.addEventListener("error", () => {
        image.dataset.failed = "";
        if (this.shownId === each.id) this.onFailed();
      });
      image.src = each[role];
      set.images[role] = image;
      (role === "beside" ? this.beside : this.now).append(image);
      image.decode().catch(() => {});
    }
  }

  #mark() {
    const current = this.current;
    for (const [id, set] of this.sets) {
      for (const [role, image] of Object.entries(set.images)) {
        const seen = id === this.shownId && (role === "beside" || image === current);
        image.classList.toggle("dw-now", id === this.shownId);
        image.classList.toggle("dw-hidden", !seen);
      }
    }
    const shown = this.sets.get(this.shownId);
    if (shown && Object.values(shown.images).some((image) => "failed" in image.dataset)) this.onFailed();
    if (this.shownId !== null) this.#paint(this.shownId);
  }

  #paint(id) {
    const image = this.current;
    if (id !== this.shownId || !image || !image.complete || !image.naturalWidth) return;
    requestAnimationFrame(() => {
      if (id === this.shownId) this.onPainted(id);
    });
  }
}
