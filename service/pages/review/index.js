// What the picture of the queue page is made of.
export { Pictures } from "./pictures.js";
export { Zoom } from "./zoom.js";
export { Outline } from "./outline.js";
export { Unsent } from "./unsent.js";
