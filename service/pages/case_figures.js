// The measured figures of a case: plain data, drawn here.
export default {
  props: { figures: { type: Array, default: () => [] } },
  template: `
    <div>
      <div v-for="each in figures" class="dw-figure">
        <div class="dw-muted">{{ each.name }}</div>
        <div class="dw-value"><div>{{ each.value }}</div><div class="dw-unit">{{ each.unit }}</div></div>
        <div class="dw-muted">{{ each.limit }}</div>
      </div>
    </div>`,
};
