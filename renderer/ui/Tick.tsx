// The place of a tick before a menu item, ticked or empty.

import { Check } from 'lucide-react';

export function Tick({ on }: { readonly on: boolean }) {
  return <span className="tick">{on ? <Check size={14} aria-hidden="true" /> : null}</span>;
}
