// Decisions that the service has not answered yet: kept in this tab, also over a reload, and sent again until it has.
const KEY = "dw-unsent";
const LATE_MS = 3000;

export class Unsent {
  constructor(send, onChange) {
    this.send = send;
    this.onChange = onChange;
    this.all = JSON.parse(sessionStorage.getItem(KEY) || "[]");
    this.sentAt = 0;
    this.openedAt = Date.now();
    this.timer = setInterval(() => this.#look(), 1000);
    this.again = () => setTimeout(() => this.sendAgain(), 50);
    window.addEventListener("online", this.onChange);
    window.addEventListener("offline", this.onChange);
    window.socket?.on("connect", this.again);
    window.socket?.on("disconnect", this.onChange);
    if (this.all.length) this.again();
  }

  // Whether the line is gone. A page that has just come up has none yet; what is pressed then goes out with the first.
  get isOffline() {
    return !navigator.onLine || (!window.socket?.connected && !this.#isComing);
  }

  get #isComing() {
    return !window.did_handshake && Date.now() - this.openedAt < LATE_MS;
  }

  // Whether somebody should be told: the line is gone, or an answer takes long.
  get isLate() {
    return this.isOffline || this.all.some((each) => Date.now() - each.at > LATE_MS);
  }

  has(id) {
    return this.all.some((each) => each.case === id);
  }

  decide(decision) {
    if (this.has(decision.case)) return;
    this.all.push({ ...decision, at: Date.now() });
    this.#keep();
    if (window.did_handshake && !this.isOffline) this.send(decision);
  }

  settle(id) {
    this.all = this.all.filter((each) => each.case !== id);
    this.#keep();
  }

  sendAgain() {
    if (this.isOffline) return;
    if (!window.did_handshake) return this.again();
    this.sentAt = Date.now();
    for (const { at, ...decision } of this.all) this.send({ ...decision, again: true });
  }

  stop() {
    clearInterval(this.timer);
    window.removeEventListener("online", this.onChange);
    window.removeEventListener("offline", this.onChange);
    window.socket?.off("connect", this.again);
    window.socket?.off("disconnect", this.onChange);
  }

  // The socket may connect before or after this is built, and an answer may be lost: what is late is sent again.
  #look() {
    this.onChange();
    const now = Date.now();
    if (now - this.sentAt > LATE_MS && this.all.some((each) => now - each.at > LATE_MS)) this.sendAgain();
  }

  #keep() {
    sessionStorage.setItem(KEY, JSON.stringify(this.all));
    this.onChange();
  }
}
