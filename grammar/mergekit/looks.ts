/** Whether a YAML text is one of mergekit's, told before anything is started for it. */

const beginning = 65_536;
const keys = /^(?:merge_method|genome|gate_mode)[ \t]*:/m;
/** `slices` and `modules` are words of many files; with these beside them they are ours. */
const lists = /^(?:slices|modules)[ \t]*:/m;
const inner = /^[ \t]*(?:-[ \t]+)*(?:layer_range|sources|base_model)[ \t]*:/m;

export function looksLikeMergekit(text: string): boolean {
  const head = text.slice(0, beginning);
  return keys.test(head) || (lists.test(head) && inner.test(head));
}
