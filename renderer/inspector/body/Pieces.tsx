// What content is made of: parts, ranges or messages, each opened as a body of its own. Shows them a hundred at a time.

import { ChevronDown, ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import { count, counted } from '../../timeline/format.ts';
import type { Piece } from './pieces-of.ts';

interface PiecesProps {
  readonly pieces: readonly Piece[];
  /** `Parts`, `Ranges` */
  readonly label: string;
  /** The body of one that is opened. */
  readonly children: (piece: Piece) => ReactNode;
}

const AT_ONCE = 100;

export function Pieces({ pieces, label, children }: PiecesProps) {
  const [shown, setShown] = useState(AT_ONCE);
  const [opened, setOpened] = useState<number | null>(pieces.length === 1 ? 0 : null);
  return (
    <ol className="body-pieces" aria-label={label}>
      {pieces.slice(0, shown).map((piece, index) => (
        // Pieces never move.
        // oxlint-disable-next-line react/no-array-index-key
        <li key={index}>
          <Button
            className="body-piece"
            aria-expanded={opened === index}
            onPress={() => setOpened(opened === index ? null : index)}
          >
            {opened === index ? (
              <ChevronDown size={13} aria-hidden="true" />
            ) : (
              <ChevronRight size={13} aria-hidden="true" />
            )}
            <span className="mono body-piece-title">{piece.title}</span>
            <span className="hint ellipsis grow">{piece.hint}</span>
            <span className={`hint mono${piece.whole ? '' : ' short'}`}>
              {count(piece.bytes.length)} B{piece.whole ? '' : ', cut short'}
            </span>
          </Button>
          {opened === index ? <Opened piece={piece}>{children(piece)}</Opened> : null}
        </li>
      ))}
      {pieces.length > shown ? (
        <li>
          <Button className="button plain small" onPress={() => setShown(shown + AT_ONCE)}>
            Show more of {counted(pieces.length, 'piece')}
          </Button>
        </li>
      ) : null}
    </ol>
  );
}

function Opened({ piece, children }: { readonly piece: Piece; readonly children: ReactNode }) {
  return (
    <div className="body-opened">
      {piece.fields.length === 0 ? null : (
        <dl className="fields selectable" aria-label={`Fields of ${piece.title}`}>
          {piece.fields.map(([name, value], index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className="field-line">
              <dt className="mono">{name}</dt>
              <dd className="mono" dir="auto">
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {children}
    </div>
  );
}
