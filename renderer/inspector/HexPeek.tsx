// The first bytes of the selected message below the story: a glimpse of what really went over the wire.

import { Button } from 'react-aria-components';
import type { Exchange } from '../../shared/model/model.ts';
import { useModel, usePlayheadTime, useSelected } from '../stores/context.ts';
import type { HexPlace } from './Hex.tsx';
import { HexRow } from './HexRow.tsx';
import { ROW_HEIGHT } from './hex-rows.ts';
import { partsOf } from './message.ts';
import { useExplained } from './use-explained.ts';

const ROWS = 3;
const PER_ROW = 8;

interface HexPeekProps {
  readonly exchange: Exchange;
  readonly onHex: (place: HexPlace) => void;
}

export function HexPeek({ exchange, onHex }: HexPeekProps) {
  const { model } = useModel();
  const time = usePlayheadTime();
  const selected = useSelected();
  const parts = partsOf(model, exchange, time);
  const part = parts.find(({ row }) => selected?.kind === 'event' && row === selected.id) ?? parts[0];
  const explained = useExplained(
    part === undefined
      ? null
      : {
          connection: exchange.connection,
          stream: part.stream,
          start: part.start,
          end: part.headEnd,
          method: exchange.method,
          settled: true,
        },
  );
  if (part === undefined || explained === null || !explained.kept) return null;
  const { bytes, spans } = explained;
  return (
    <div className="hex-peek mono">
      <Button
        className="hex-peek-press"
        aria-label="Show the bytes of this message"
        onPress={() => onHex({ stream: part.stream, position: part.start })}
      />
      <span className="hex-space" aria-hidden="true" style={{ height: ROWS * ROW_HEIGHT }}>
        {Array.from({ length: ROWS }, (_, row) => (
          <HexRow
            key={row}
            top={row * ROW_HEIGHT}
            start={row * PER_ROW}
            end={Math.min((row + 1) * PER_ROW, bytes.length)}
            perRow={PER_ROW}
            digits={4}
            spans={spans}
            lit={-1}
            at={(position) => bytes[position] ?? null}
          />
        ))}
      </span>
    </div>
  );
}
