// The rows of the list at the left: plain data, drawn here, so that a page holds no elements for them.
export default {
  props: { label: String, rows: { type: Array, default: () => [] }, selected: Number, looks: { type: Object, default: () => ({}) } },
  template: `
    <div role="listbox" :aria-label="label">
      <div v-for="row in rows" :key="row.id" class="dw-row" role="option" :data-case="row.id"
           :class="{ 'dw-selected': row.id === selected, 'dw-new': row.isNew }" :aria-selected="row.id === selected"
           @click="$emit('choose', row.id)">
        <div class="dw-thumb"><img loading="lazy" alt="" :src="row.thumbnail"></div>
        <div class="dw-row-text">
          <div class="dw-row-top"><div class="dw-row-rule">{{ row.rule }}</div>
            <div class="dw-chip" :class="'dw-' + row.state">{{ row.stateText }}</div></div>
          <div class="dw-cut">{{ row.site }}</div>
          <div class="dw-row-top dw-muted"><div class="dw-cut">{{ row.camera }}</div><div class="dw-time">{{ row.time }}</div></div>
          <div v-if="looks[row.id]" class="dw-look dw-cut">{{ looks[row.id] }}</div>
        </div>
      </div>
    </div>`,
  watch: {
    selected: { flush: "post", handler() { this.reveal(); } },
  },
  mounted() { this.reveal(); },
  methods: {
    reveal() {
      this.$el.querySelector(`[data-case="${this.selected}"]`)?.scrollIntoView({ block: "nearest" });
    },
  },
};
