// How much of one message goes into an export that is a single piece of text. What is beyond is told, never dropped in
// silence.

/** Bytes of one message's content. */
export const MESSAGE_CONTENT = 1024 * 1024;
/** The same of all messages together. */
export const ALL_CONTENT = 64 * 1024 * 1024;
