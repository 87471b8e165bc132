// What is made by hand rather than run: the composer and the patch editor, at the top of the rail.

import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { Key } from './Key.tsx';

export function RailTools() {
  const { composer, patch } = useLaboratory();
  const isComposing = useStore(composer.store, (state) => state.isOpen);
  const isPatching = useStore(patch.store, (state) => state.isOpen);
  return (
    <div className="rail-tools" role="group" aria-label="By hand">
      <Button className="button small" aria-pressed={isComposing} onPress={() => composer.toggle()}>
        Compose
        <Key>N</Key>
      </Button>
      <Button className="button small" aria-pressed={isPatching} onPress={() => patch.toggle()}>
        Patch editor
        <Key>P</Key>
      </Button>
    </div>
  );
}
