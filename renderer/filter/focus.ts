// Where the key / goes.

export const FILTER_FIELD = 'filter-field';

/** Focuses the filter's field and selects what is in it; without a session there is none. */
export function focusFilter(): void {
  const field = document.getElementById(FILTER_FIELD);
  if (!(field instanceof HTMLInputElement)) return;
  field.focus();
  field.select();
}
