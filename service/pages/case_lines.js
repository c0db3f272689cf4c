// The facts of a case: plain data, drawn here.
export default {
  props: { lines: { type: Array, default: () => [] } },
  template: `
    <div>
      <div v-for="each in lines" class="dw-fact" :class="{ 'dw-long': each.is_long }">
        <div class="dw-muted">{{ each.label }}</div><div>{{ each.value }}</div>
      </div>
    </div>`,
};
