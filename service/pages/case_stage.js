// The picture of the case that is shown, and the keys: what only concerns the picture is done here, at once.
import { Outline, Pictures, Unsent, Zoom } from "dustwatch-review";

const CLIP_STEP_S = 0.04;

// Whether a dialog hides what a key would decide; one that is fading away does not.
const dialogIsOpen = () =>
  [...document.querySelectorAll(".q-dialog__inner")].some((each) => !each.className.includes("-leave-"));

export default {
  props: {
    shown: Object,
    ahead: { type: Array, default: () => [] },
    settled: Object,
    keys: Object,
    local: Array,
    repeatable: Array,
    decides: Object,
    reasons: Array,
    asked: Boolean,
    texts: Object,
  },
  template: `
    <div class="dw-stage" :class="{ 'dw-pair': mode === 'pair', 'dw-slide': mode === 'slide', 'dw-drawing': drawing }">
      <div class="dw-pane dw-pane-beside" ref="besidePane" v-show="mode !== 'off'" :style="slideStyle">
        <div class="dw-canvas" ref="beside"></div>
      </div>
      <div class="dw-pane dw-pane-now"><div class="dw-canvas" ref="now">
        <div class="dw-outline" ref="outline" v-show="drawing"></div>
      </div></div>
      <div v-if="failed" class="dw-failed">{{ texts.failed }}</div>
      <div class="dw-divider" v-show="mode === 'slide'" ref="divider" :style="{ left: slide * 100 + '%' }"></div>
      <template v-if="mode !== 'off'">
        <div class="dw-label dw-label-left">{{ shown && shown.besideLabel }}</div>
        <div class="dw-label" :class="mode === 'pair' ? 'dw-label-middle' : 'dw-label-right'">{{ texts.found }}</div>
      </template>
      <div class="dw-tools" v-show="!drawing">
        <button class="dw-mode" v-if="shown && shown.clean && shown.annotated" @click="act('drawing')">
          {{ drawingOn ? texts.drawingOn : texts.drawingOff }}<span class="dw-kbd">O</span></button>
        <button class="dw-mode" v-if="hasBeside" @click="act('compare')">{{ compareText }}<span class="dw-kbd">B</span></button>
        <button class="dw-mode" v-if="mayDraw" @click="act('correct')">{{ texts.correct }}<span class="dw-kbd">E</span></button>
        <button class="dw-mode" v-if="scale > 1" @click="act('fit')">{{ Math.round(scale * 100) }} %<span class="dw-kbd">0</span></button>
      </div>
      <div class="dw-palette" v-if="drawing">
        <button v-for="each in shown.shapes" :class="{ 'dw-chosen': each.name === className }" @click="choose(each)">{{ each.text }}</button>
        <span class="dw-hint" :class="{ 'dw-hint-asked': asked }" role="status">{{ asked ? texts.drawFirst : kind === 'box' ? texts.boxHint : texts.drawHint }}</span>
        <button @click="outlineUndo()">{{ texts.drawUndo }}<span class="dw-kbd">Z</span></button>
        <button :disabled="!canSave" @click="act('confirm')">{{ texts.drawConfirm }}<span class="dw-kbd">C</span></button>
        <button :disabled="!canSave" @click="act('reject')">{{ texts.drawReject }}<span class="dw-kbd">R</span></button>
        <button @click="leaveOutline()">{{ texts.drawLeave }}<span class="dw-kbd">Esc</span></button>
      </div>
      <div v-if="late" class="dw-lost" role="status">{{ unsentCount ? texts.lostKept : texts.lost }}</div>
    </div>`,
  data: () => ({
    failed: false, drawingOn: true, compare: "pair", slide: 0.5, scale: 1,
    drawing: false, className: "", kind: "area", asked: false, canSave: false, late: false, unsentCount: 0,
  }),
  computed: {
    hasBeside() {
      return Boolean(this.shown?.beside);
    },
    mode() {
      if (!this.hasBeside || this.drawing) return "off";
      return this.compare === "slide" && !this.shown.comparable ? "pair" : this.compare;
    },
    compareText() {
      return { pair: this.texts.pair, slide: this.texts.slide, off: this.texts.single }[this.mode];
    },
    slideStyle() {
      return this.mode === "slide" ? { clipPath: `inset(0 ${(1 - this.slide) * 100}% 0 0)` } : {};
    },
    mayDraw() {
      return Boolean(this.shown?.shapes?.length);
    },
  },
  watch: {
    shown() { this.refresh(); },
    ahead() { this.refresh(); },
    asked(asked) { if (!asked) this.rejecting = null; },
    mode() { this.$nextTick(() => { this.zoom.reset(); this.place(); }); },
    settled(settled) {
      if (!settled) return;
      this.unsent.settle(settled.case);
      if (settled.done) Outline.forget(settled.case);
    },
  },
  mounted() {
    this.pictures = new Pictures(this.$refs.now, this.$refs.beside, (id) => this.painted(id), () => (this.failed = true));
    this.outline = new Outline(this.$refs.outline, () => this.scale, () => {
      this.canSave = this.outline.isDrawn;
      this.asked = false;
    });
    this.zoom = new Zoom(this.$el, [this.$refs.now, this.$refs.beside], (scale) => {
      this.scale = scale;
      if (this.drawing) this.outline.draw();
    });
    this.zoom.blocked = (event) => event.target.closest(".dw-outline") !== null;
    this.unsent = new Unsent((decision) => this.$emit("decide", decision), () => this.tellLate());
    this.onKey = (event) => this.key(event);
    document.addEventListener("keydown", this.onKey);
    this.onAct = (event) => this.act(event.detail);
    document.addEventListener("dw-act", this.onAct);
    this.sizes = new ResizeObserver(() => this.place());
    this.sizes.observe(this.$el);
    this.$refs.divider.addEventListener("pointerdown", (event) => this.$refs.divider.setPointerCapture(event.pointerId));
    this.$refs.divider.addEventListener("pointermove", (event) => this.moveDivider(event));
    this.refresh();
  },
  unmounted() {
    document.removeEventListener("keydown", this.onKey);
    document.removeEventListener("dw-act", this.onAct);
    this.sizes.disconnect();
    this.unsent.stop();
  },
  methods: {
    refresh() {
      const isOther = this.shown?.id !== this.pictures.shownId;
      if (isOther) {
        this.failed = false;
        this.waiting = false;
        this.rejecting = null;
        delete this.$el.dataset.painted;
        this.leaveOutline(false);
        if (this.scale > 1) this.zoom.reset();
        if (this.shown) this.keepInAddress(this.shown.id);
      }
      this.pictures.show(this.shown, this.ahead);
      if (isOther && this.shown && this.mayDraw && Outline.hasDraft(this.shown.id)) this.beginOutline();
    },
    keepInAddress(id) {
      const told = new URLSearchParams(location.search);
      told.set("case", id);
      history.replaceState(null, "", `?${told}`);
    },
    painted(id) {
      this.$el.dataset.painted = id;
      this.place();
    },
    // The layer for drawing lies exactly over the picture, which leaves room at two sides of its pane.
    place() {
      const image = this.pictures.current;
      const pane = this.$refs.now.getBoundingClientRect();
      if (!image?.naturalWidth || !pane.width) return;
      const [width, height] = [pane.width / this.scale, pane.height / this.scale];
      const fit = Math.min(width / image.naturalWidth, height / image.naturalHeight);
      const [w, h] = [image.naturalWidth * fit, image.naturalHeight * fit];
      const box = { left: (width - w) / 2, top: (height - h) / 2, width: w, height: h };
      for (const [name, value] of Object.entries(box)) this.$refs.outline.style[name] = `${value}px`;
    },
    key(event) {
      if (!(event instanceof KeyboardEvent) || event.ctrlKey || event.metaKey || event.altKey) return;
      const focus = document.activeElement?.tagName.toLowerCase();
      if (["input", "textarea", "select"].includes(focus)) return;
      // The dialog takes a moment to come; what is typed meanwhile is meant for it, and not for the picture.
      const isRejecting = this.rejecting !== null;
      const asks = dialogIsOpen() || isRejecting;
      const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code);
      if (isRejecting && digit && !event.repeat && this.reasons[digit[1] - 1]) {
        this.endRejecting(); // the dialog takes a moment to go, too, and the next digit is not for the next case
        return this.decide("reject", this.reasons[digit[1] - 1]);
      }
      if (isRejecting && event.code === "Escape") return this.endRejecting();
      const action = event.code === "Slash" ? (event.shiftKey ? "help" : null) : this.keys[event.code];
      if (!action || (asks && action !== "help")) return;
      if (event.repeat && (this.waiting || !this.repeatable.includes(action))) return;
      if (this.drawing && this.keyWhileDrawing(action)) return event.preventDefault();
      if (event.code.startsWith("Arrow")) event.preventDefault();
      this.act(action);
    },
    keyWhileDrawing(action) {
      if (action === "leave") this.leaveOutline();
      else if (action === "undo") this.outlineUndo();
      else if (action === "close") this.outline.close();
      else if (action === "remove") this.outline.removeLast();
      else if (action === "confirm" || action === "reject") return (this.asked = !this.canSave);
      else return !["zoomIn", "zoomOut", "fit", "help"].includes(action);
      return true;
    },
    act(action) {
      const here = {
        drawing: () => { this.drawingOn = !this.drawingOn; this.pictures.toggleDrawing(this.drawingOn); },
        compare: () => this.nextComparison(),
        correct: () => this.beginOutline(),
        zoomIn: () => this.zoom.by(1.5), zoomOut: () => this.zoom.by(1 / 1.5), fit: () => this.zoom.reset(),
        play: () => this.clip((clip) => (clip.paused ? clip.play() : clip.pause())),
        frameBack: () => this.stepClip(-1), frameOn: () => this.stepClip(1),
      };
      if (here[action]) return this.shown && here[action]();
      if (this.local.includes(action)) return;
      if (this.decides[action]) return this.decide(this.decides[action], "");
      if (this.unsent.isOffline) return; // what the service has to do can't be done now, and must not come later
      this.waiting = ["next", "previous"].includes(action);
      if (action === "reject" && this.shown?.mayReject && !this.unsent.has(this.shown.id)) this.rejecting = this.shown.id;
      this.$emit("act", { action });
    },
    endRejecting() {
      this.rejecting = null;
      this.$emit("act", { action: "asked" });
    },
    decide(step, reason) {
      if (!this.shown) return;
      const undoes = step === "undo" && this.shown.state === "found";
      if (undoes && this.unsent.isOffline) return;
      if (undoes) return this.$emit("act", { action: "undo" });
      if (this.drawing) this.outline.close();
      const correction = this.drawing ? this.outline.correction : null;
      this.unsent.decide({ case: this.shown.id, version: this.shown.version, step, reason, correction });
    },
    tellLate() {
      this.late = this.unsent.isLate;
      this.unsentCount = this.unsent.all.length;
    },
    nextComparison() {
      const all = this.shown.comparable ? ["pair", "slide", "off"] : ["pair", "off"];
      this.compare = all[(all.indexOf(this.compare) + 1) % all.length];
    },
    moveDivider(event) {
      if (!this.$refs.divider.hasPointerCapture(event.pointerId)) return;
      const box = this.$el.getBoundingClientRect();
      this.slide = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    },
    clip(then) {
      const clip = document.querySelector(".dw-clip video");
      if (clip) then(clip);
    },
    stepClip(by) {
      this.clip((clip) => { clip.pause(); clip.currentTime = Math.max(0, clip.currentTime + by * CLIP_STEP_S); });
    },
    beginOutline() {
      if (!this.mayDraw || this.drawing) return;
      const first = this.shown.shapes[0];
      this.drawing = true;
      this.pictures.toggleDrawing(false); // one corrects the picture, not what was drawn on it
      this.outline.begin(this.shown.id, first.kind, first.name);
      this.className = this.outline.name;
      this.kind = this.outline.kind;
      this.asked = false;
      this.canSave = this.outline.isDrawn;
      this.$nextTick(() => this.place());
    },
    choose(each) {
      this.className = this.outline.name = each.name;
      this.kind = this.outline.kind = each.kind;
      document.activeElement?.blur();
    },
    outlineUndo() {
      this.outline.undo();
    },
    // Without saving: what was drawn is dropped, unless only the case changed.
    leaveOutline(drops = true) {
      if (!this.drawing) return;
      if (drops) Outline.forget(this.outline.id);
      this.drawing = false;
      this.outline.end();
      this.pictures.toggleDrawing(this.drawingOn);
    },
  },
};
