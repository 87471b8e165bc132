// Below the story: the note beside what is selected, or the way to write one.

import { PencilLine, StickyNote } from 'lucide-react';
import { Button } from 'react-aria-components';
import { firstWords } from '../../shared/model/remarks.ts';
import { useLaboratory, useModel, useSelected } from '../stores/context.ts';
import { remarkBeside } from '../timeline/remarks.ts';
import { Key } from '../ui/Key.tsx';
import './remarks.css';

/** Characters of a note that are shown before it is opened. */
const SHOWN = 300;

export function RemarkLine() {
  const { writer } = useLaboratory();
  const { model } = useModel();
  const selected = useSelected();
  if (selected === null) return null;
  const remark = remarkBeside(model, selected);
  return (
    <div className="remark-line">
      {remark === null ? (
        <Button className="button plain small" onPress={() => writer.write()}>
          <PencilLine size={13} aria-hidden="true" />
          Note on this
          <Key>M</Key>
        </Button>
      ) : (
        <Button className="remark-press" onPress={() => writer.edit(remark)}>
          <StickyNote size={13} aria-hidden="true" />
          <span className="visually-hidden">Your note:</span>
          <span className="remark-words">{firstWords(remark.text, SHOWN)}</span>
          <Key>M</Key>
        </Button>
      )}
    </div>
  );
}
