// How often rules were broken in what a panel shows, as a way to the first of their notes.

import { TriangleAlert } from 'lucide-react';
import { counted } from '../timeline/format.ts';

interface BreachButtonProps {
  /** How many notes there are. */
  readonly count: number;
  readonly onShow: () => void;
}

export function BreachButton({ count, onShow }: BreachButtonProps) {
  if (count === 0) return null;
  return (
    <button type="button" className="breach-button" onClick={onShow}>
      <TriangleAlert size={11} aria-hidden="true" />
      {counted(count, 'note')}
    </button>
  );
}
