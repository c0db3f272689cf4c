// The rows of the list at the left: plain data, drawn here, so that a page holds no elements for them.
export default {
  props: { label: String, rows: { type: Array, default: () => [] }, selected: Number, looks: { type: Object, default: () => ({}) } },
  template: `
    <div role="listbox" :aria-label="label">
      <div v-for="row in rows" :key="row.id" class="dw-row" role="option" :data-case="row.id"
           :class="{ 'dw-selected': row.id === told.selected, 'dw-new': row.isNew }" :aria-selected="row.id === told.selected"
           @click="$emit('choose', row.id)">
        <div class="dw-thumb"><img loading="lazy" alt="" :src="row.thumbnail"></div>
        <div class="dw-row-text">
          <div class="dw-row-top"><div class="dw-row-rule">{{ row.rule }}</div>
            <div class="dw-chip" :class="'dw-' + row.state">{{ row.stateText }}</div></div>
          <div class="dw-cut">{{ row.site }}</div>
          <div class="dw-row-top dw-muted"><div class="dw-cut">{{ row.camera }}</div><div class="dw-time">{{ row.time }}</div></div>
          <div v-if="told.looks[row.id]" class="dw-look dw-cut">{{ told.looks[row.id] }}</div>
        </div>
      </div>
    </div>`,
  data() { return { told: { selected: this.selected, looks: this.looks } }; },
  watch: {
    selected() { this.tell("selected", this.selected); },
    looks() { this.tell("looks", this.looks); },
    "told.selected": { flush: "post", handler() { this.reveal(); } },
  },
  mounted() { this.reveal(); },
  methods: {
    // Told without the rows, which need not come again for it.
    tell(name, value) { this.told[name] = value; },
    reveal() {
      this.$el.querySelector(`[data-case="${this.told.selected}"]`)?.scrollIntoView({ block: "nearest" });
    },
  },
};
