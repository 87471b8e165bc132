// The words about what the pointer is on, beside it.

import type { Tip } from './tip.ts';

export function Tooltip({ tip }: { readonly tip: Tip }): React.JSX.Element {
  const [title, ...lines] = tip.lines;
  return (
    <div
      className="pointed progress-tip"
      aria-hidden="true"
      data-left={tip.left || undefined}
      style={{ left: tip.x, top: tip.y }}
    >
      <strong>{title}</strong>
      {lines.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </div>
  );
}
