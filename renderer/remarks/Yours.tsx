// The notes that people wrote, above those of the checks: each leads to what it is beside, can be changed and taken back.

import { PencilLine, StickyNote, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Remark } from '../../shared/model/remarks.ts';
import { useLaboratory, useModel } from '../stores/context.ts';
import { count } from '../timeline/format.ts';
import { remarkPlaceWords } from './place.ts';
import './remarks.css';

/** Notes listed at most; the rest is counted. */
const LISTED = 500;

export function Yours({ remarks }: { readonly remarks: readonly Remark[] }) {
  const { writer } = useLaboratory();
  const { model } = useModel();
  return (
    <>
      {remarks.slice(0, LISTED).map((remark) => (
        <li key={remark.id} className="yours">
          <button type="button" className="note" onClick={() => writer.show(remark)}>
            <StickyNote size={14} data-tone="accent" role="img" aria-label="your note" />
            <span className="grow">
              <span className="yours-text">{remark.text}</span>
              <span className="hint">on {remarkPlaceWords(model, remark)}</span>
            </span>
          </button>
          <span className="yours-actions">
            <Button
              className="button plain icon small"
              aria-label="Change the note"
              onPress={() => writer.edit(remark)}
            >
              <PencilLine size={13} aria-hidden="true" />
            </Button>
            <Button
              className="button plain icon small"
              aria-label="Take the note back"
              onPress={() => void writer.takeBack(remark)}
            >
              <Trash2 size={13} aria-hidden="true" />
            </Button>
          </span>
        </li>
      ))}
      {remarks.length > LISTED ? (
        <li className="hint note">and {count(remarks.length - LISTED)} more</li>
      ) : null}
    </>
  );
}
