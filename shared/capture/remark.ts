// What may stand in a remark, the note that a person writes beside an event: text, of a bounded length. Decides; stores
// nothing, and must never change what was written.

/** Characters (UTF-16 code units) of one remark. */
export const LONGEST_REMARK = 4000;
/** Remarks of one session, those that were taken back included. */
export const MOST_REMARKS = 10_000;
/** Records of them: each that was written, changed or taken back. */
export const MOST_REMARK_RECORDS = 2 * MOST_REMARKS;
/** Bytes of the longest remark in its block: three for each unit of its text, and where it is. */
export const LONGEST_REMARK_DATA = 3 * LONGEST_REMARK + 1024;

/** Controls (C0, C1) other than a tab and a line's end, which no text needs; and halves of characters. */
const UNWRITABLE = /(?![\t\n])[\p{Cc}\p{Cs}]/u;

/** What is wrong with the text of a remark, in a sentence for its writer; null: nothing. */
export function remarkFault(text: string): string | null {
  if (text.length > LONGEST_REMARK) {
    const [most, length] = [LONGEST_REMARK, text.length].map((count) => count.toLocaleString('en-US'));
    return `A note has ${most} characters at most; this one has ${length}.`;
  }
  const found = UNWRITABLE.exec(text);
  if (found === null) return null;
  const code = found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
  return `A note is plain text: take out the control character U+${code} at position ${(found.index + 1).toLocaleString('en-US')}.`;
}
