// The words about what the pointer is on, beside it and above every panel: a small one would cut them off.

import { createPortal } from 'react-dom';

interface PointedTipProps {
  /** The first is the title. */
  readonly lines: readonly string[];
  /** CSS pixels from the window's corner. */
  readonly x: number;
  readonly y: number;
  /** The words stand left of the pointer. */
  readonly left: boolean;
}

/** Room that the words need above and below their middle, in CSS pixels. */
const HALF = 64;

export function PointedTip({ lines: [title, ...lines], x, y, left }: PointedTipProps) {
  const top = Math.max(HALF, Math.min(y, window.innerHeight - HALF));
  return createPortal(
    <div
      className="pointed pointed-tip"
      aria-hidden="true"
      data-left={left || undefined}
      style={{ left: x, top }}
    >
      <strong>{title}</strong>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>,
    document.body,
  );
}
