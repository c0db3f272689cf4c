// Sends photographs of a case, one after the other. What is not sent yet is kept in the browser, for a line that breaks.
const DATABASE = "dustwatch-drafts";
const STORE = "drafts";

function withStore(mode, work) {
  return new Promise((resolve) => {
    const opening = window.indexedDB?.open(DATABASE, 1);
    if (!opening) return resolve(undefined);
    opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
    opening.onerror = () => resolve(undefined);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => {
        opening.result.close();
        resolve(request.result);
      };
      transaction.onerror = transaction.onabort = () => resolve(undefined);
    };
  });
}

export default {
  template: `
    <div class="dw-upload">
      <label class="dw-upload-pick" :class="{ 'dw-upload-busy': busy }">
        <i class="q-icon material-icons" aria-hidden="true">{{ reports ? 'photo_camera' : 'attach_file' }}</i>
        <span>{{ texts.pick }}</span>
        <input type="file" :accept="accept" multiple :capture="reports ? 'environment' : null" :disabled="busy"
          @change="pick">
      </label>
      <ul v-if="items.length" class="dw-upload-list">
        <li v-for="item in items" :key="item.number" class="dw-upload-one">
          <img v-if="item.preview" :src="item.preview" alt="">
          <span class="dw-cut">{{ item.name }}</span>
          <progress v-if="item.state === 'sending'" :value="item.share" max="1" :aria-label="item.name"></progress>
          <span v-else class="dw-upload-state" :class="'dw-upload-' + item.state">{{ texts[item.state] }}</span>
          <button v-if="item.state !== 'sent' && !busy" type="button" @click="remove(item)">{{ texts.remove }}</button>
        </li>
      </ul>
      <template v-if="reports">
        <label class="dw-upload-note">{{ texts.note }}
          <textarea v-model="note" rows="3" maxlength="500" :disabled="busy" @change="keep"></textarea>
        </label>
        <button type="button" class="dw-upload-send" :disabled="busy || !items.length || hasBad" @click="handIn">
          {{ busy ? texts.sending : problem ? texts.again : texts.handIn }}
        </button>
      </template>
      <button v-else-if="problem && waiting && !busy" type="button" class="dw-upload-send" @click="problem = ''; sendAll()">
        {{ texts.again }}
      </button>
      <p role="status" class="dw-upload-problem">{{ problem }}</p>
    </div>`,
  props: {
    caseId: Number,
    version: Number,
    reports: Boolean,
    isReported: Boolean,
    who: String,
    by: String,
    mostBytes: Number,
    accept: String,
    texts: Object,
  },
  data() {
    return { items: [], note: "", busy: false, problem: "", numbers: 0 };
  },
  computed: {
    key() {
      return `${this.who}/${this.caseId}`;
    },
    hasBad() {
      return this.items.some((item) => item.state === "bad");
    },
    isHolding() {
      return this.busy || this.problem !== "" || this.items.length > 0;
    },
    waiting() {
      return this.items.some((item) => item.state === "waiting");
    },
  },
  watch: {
    // Told, so that the page is not made anew while something is on its way or has still to be read.
    isHolding(now) {
      this.$emit("holding", now);
    },
  },
  async mounted() {
    if (!this.reports) return;
    if (this.isReported) return this.forget();
    const draft = await withStore("readonly", (store) => store.get(this.key));
    if (!draft) return;
    this.note = draft.note;
    for (const file of draft.files) this.add(file.blob, file.name);
  },
  unmounted() {
    for (const item of this.items) if (item.preview) URL.revokeObjectURL(item.preview);
  },
  methods: {
    async pick(event) {
      const input = event.target;
      this.problem = "";
      for (const file of input.files) this.add(file, file.name);
      input.value = ""; // so that the same file can be chosen again
      if (this.reports) await this.keep();
      else if (this.waiting) await this.sendAll();
    },
    add(blob, name) {
      const known = this.accept.split(",").includes(blob.type);
      const state = blob.size > this.mostBytes ? "large" : known ? "waiting" : "unknown";
      if (state !== "waiting") {
        this.problem = `${name}: ${this.texts[state]}`;
        return;
      }
      const preview = blob.type.startsWith("image/") ? URL.createObjectURL(blob) : "";
      this.items.push({ number: ++this.numbers, blob, name, preview, state, share: 0 });
    },
    async remove(item) {
      this.items = this.items.filter((each) => each !== item);
      this.problem = "";
      if (item.preview) URL.revokeObjectURL(item.preview);
      await this.keep();
    },
    async keep() {
      if (!this.reports) return;
      const files = this.items.map(({ blob, name }) => ({ blob, name }));
      await withStore("readwrite", (store) => store.put({ note: this.note, files }, this.key));
    },
    forget() {
      return withStore("readwrite", (store) => store.delete(this.key));
    },
    async sendAll() {
      this.busy = true;
      let isWhole = true;
      for (const item of this.items) {
        if (item.state !== "waiting") continue;
        item.state = "sending";
        const status = await this.send(item);
        const isBad = [413, 415, 422].includes(status);
        item.state = status >= 200 && status < 300 ? "sent" : isBad ? "bad" : "waiting";
        if (item.state === "sent") continue;
        isWhole = false;
        this.problem = this.explained(status);
        if (!isBad) break; // the line is broken: the others would fail as well
      }
      this.busy = false;
      if (!this.reports) {
        this.items = this.items.filter((item) => item.state !== "sent");
        if (isWhole && !this.problem) this.$emit("attached");
      }
      return isWhole;
    },
    send(item) {
      return new Promise((resolve) => {
        const request = new XMLHttpRequest();
        const name = item.name.replace(/[\u0000-\u001f\u007f]/g, "").slice(-100);
        const told = new URLSearchParams({ name, by: this.by });
        if (this.reports) told.set("reason", this.texts.photo);
        request.open("POST", `/api/v1/cases/${this.caseId}/attachments?${told}`);
        request.timeout = 600_000;
        request.upload.onprogress = (event) => (item.share = event.total ? event.loaded / event.total : 0);
        request.onload = () => resolve(request.status);
        request.onerror = request.onabort = request.ontimeout = () => resolve(0);
        request.send(item.blob);
      });
    },
    async handIn() {
      await this.keep();
      this.problem = "";
      if (!(await this.sendAll())) return;
      this.busy = true;
      const status = await this.report().catch(() => 0);
      this.busy = false;
      if (status !== 200) {
        this.problem = this.explained(status);
        return;
      }
      await this.forget();
      this.$emit("reported");
    },
    async report() {
      const history = await this.call("history");
      if (history.status !== 200) return history.status;
      // The answer to a report may have been lost on its way: it is not handed in twice.
      const isIn = history.body.steps.some((step) => step.number > this.version && step.step === "report");
      if (isIn) return 200;
      let etag = history.etag;
      for (const step of history.body.case.state === "assigned" ? ["accept", "report"] : ["report"]) {
        const reason = step === "report" ? this.note.trim() : "";
        const answer = await this.call("steps", { step, reason, by: this.by }, etag);
        if (answer.status !== 200) return answer.status;
        etag = answer.etag;
      }
      return 200;
    },
    async call(path, body, etag) {
      const headers = { "Content-Type": "application/json", ...(etag ? { "If-Match": etag } : {}) };
      const options = body ? { method: "POST", headers, body: JSON.stringify(body) } : {};
      const answer = await fetch(`/api/v1/cases/${this.caseId}/${path}`, { ...options, cache: "no-store" });
      return { status: answer.status, etag: answer.headers.get("ETag"), body: await answer.json() };
    },
    explained(status) {
      return this.texts[`status${status}`] ?? this.texts.failed;
    },
  },
};
