// Content by its type: text, JSON, fields of a form, parts, ranges, messages, an image, else its bytes in hex. A part is a
// body of its own, a few levels deep. Never shows what it was not given as if it were all.

import { useEffect, useMemo, useRef, useState } from 'react';
import { Joined } from '../../ui/Joined.tsx';
import { FORM_PAIRS, formPairs } from '../../../shared/body/form.ts';
import { jsonFault, setOutJson } from '../../../shared/body/json.ts';
import { type BodyKind, kindOf } from '../../../shared/body/kind.ts';
import { decodeText } from '../../../shared/body/text.ts';
import { mediaType } from '../../../shared/byteranges/patch-reader.ts';
import { assertNever } from '../../../shared/capture/records.ts';
import { count } from '../../timeline/format.ts';
import { CodeText } from './CodeText.tsx';
import { HexBytes } from './HexBytes.tsx';
import { inflate, type Inflated } from './inflate.ts';
import { Pieces } from './Pieces.tsx';
import { messagePieces, partPieces, rangePieces } from './pieces-of.ts';
import { type BodyView, viewName, viewsOf } from './words.ts';

export interface BodyContentProps {
  readonly content: Uint8Array;
  readonly contentType: string;
  readonly contentEncoding: string;
  /** All of the content is there. */
  readonly whole: boolean;
  /** What it is called, for whoever hears it. */
  readonly name: string;
  /** Where its first byte belongs. */
  readonly origin: number;
  readonly depth: number;
  /** Told of the bytes that are shown: what is copied. */
  readonly onShown?: (bytes: Uint8Array) => void;
}

/** Parts within parts that are opened; deeper ones are shown as text. */
const DEPTH = 4;

export function BodyContent(props: BodyContentProps) {
  const { content, contentType, contentEncoding, whole, name, origin, depth, onShown } = props;
  const inflated = useInflated(content, contentEncoding, whole);
  const [chosen, setChosen] = useState<BodyView | null>(null);
  const shown = inflated?.bytes ?? null;
  useEffect(() => {
    if (shown !== null) onShown?.(shown);
  }, [shown, onShown]);
  if (inflated === null) return <div className="empty">Reading…</div>;
  // What is still coded has no type that could be shown.
  const isCoded = inflated.problem !== null && !inflated.partial;
  const kind = isCoded ? (content.length === 0 ? 'empty' : 'binary') : kindOf(contentType, inflated.bytes);
  const views = viewsOf(kind, mediaType(contentType) === 'image/svg+xml').filter(
    (view) => view !== 'structure' || depth < DEPTH,
  );
  const view = chosen !== null && views.includes(chosen) ? chosen : views[0];
  if (view === undefined) return <p className="hint body-note">No content.</p>;
  const given = { bytes: inflated.bytes, contentType, whole: !inflated.partial, name, origin, depth };
  return (
    <div className="body-content" data-nested={depth === 0 ? undefined : ''}>
      <div className="body-bar">
        <span className="hint ellipsis grow" title={contentType}>
          {contentType === ''
            ? `no media type, shown as ${kind === 'binary' ? 'bytes' : 'text'}`
            : contentType}
          {contentEncoding === ''
            ? ''
            : ` · ${contentEncoding}, ${count(inflated.bytes.length)} bytes without it`}
        </span>
        {views.length < 2 ? null : (
          <Joined
            label="Show as"
            of={views}
            chosen={view}
            onChoose={setChosen}
            name={(one) => viewName(one, kind)}
          />
        )}
      </div>
      {inflated.problem === null ? null : <p className="body-note problem">{inflated.problem}</p>}
      <Shown {...given} kind={kind} view={view} />
    </div>
  );
}

interface ShownProps {
  readonly bytes: Uint8Array;
  readonly contentType: string;
  readonly whole: boolean;
  readonly name: string;
  readonly origin: number;
  readonly depth: number;
  readonly kind: BodyKind;
  readonly view: BodyView;
}

function Shown(props: ShownProps) {
  const { bytes, contentType, name, origin, kind, view } = props;
  switch (view) {
    case 'hex':
      return <HexBytes bytes={bytes} label={`Bytes of ${name}`} origin={origin} />;
    case 'text':
      return <Text {...props} kind="text" />;
    case 'structure':
      if (kind === 'json') return <Text {...props} />;
      if (kind === 'form') return <Form {...props} />;
      if (kind === 'image') return <Image bytes={bytes} type={mediaType(contentType)} name={name} />;
      return <Structure {...props} />;
    default:
      return assertNever(view);
  }
}

function Text({ bytes, contentType, whole, name, kind }: ShownProps) {
  const isJson = kind === 'json';
  const { decoded, text, fault } = useMemo(() => {
    const decoded = decodeText(bytes, contentType, whole);
    const fault = isJson && whole ? jsonFault(decoded.text) : null;
    // What is whole and no JSON stands as it was sent: setting it out would only hide where it is wrong.
    const text = isJson && fault === null ? setOutJson(decoded.text) : decoded.text;
    return { decoded, text, fault };
  }, [bytes, contentType, whole, isJson]);
  return (
    <>
      {decoded.unknown === null ? null : (
        <p className="body-note problem">
          Its charset {decoded.unknown} is unknown here: it is read as UTF-8.
        </p>
      )}
      {decoded.replaced ? (
        <p className="body-note problem">Some bytes are no {decoded.charset}, and stand as �.</p>
      ) : null}
      {fault === null ? null : <p className="body-note problem">This is no JSON: {fault}</p>}
      <CodeText text={text} language={isJson ? 'json' : 'none'} label={`Text of ${name}`} />
    </>
  );
}

function Form({ bytes, contentType, whole }: ShownProps) {
  const pairs = useMemo(
    () => formPairs(decodeText(bytes, contentType, whole).text),
    [bytes, contentType, whole],
  );
  return (
    // Long forms scroll in themselves; the keyboard gets there, too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="body-scroll selectable" role="region" aria-label="Form" tabIndex={0}>
      <dl className="fields" aria-label="Fields of the form">
        {pairs.slice(0, 1000).map(([name, value], index) => (
          // Pairs never move, and two may have the same name.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="field-line">
            <dt className="mono">{name}</dt>
            <dd className="mono" dir="auto">
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {pairs.length > 1000 ? (
        <p className="hint body-note">
          These are the first 1,000 fields of {count(pairs.length)}
          {pairs.length === FORM_PAIRS ? ' or more' : ''}; Text shows all.
        </p>
      ) : null}
    </div>
  );
}

/** A picture from the bytes alone: nothing is fetched, and an SVG runs nothing. */
function Image({ bytes, type, name }: { bytes: Uint8Array; type: string; name: string }) {
  const picture = useRef<HTMLImageElement>(null);
  const [size, setSize] = useState('');
  useEffect(() => {
    const url = URL.createObjectURL(new Blob([bytes.slice()], { type }));
    const image = picture.current!;
    image.src = url;
    return () => {
      // What is still being loaded is given up first: a picture without its bytes is a complaint on the console.
      image.removeAttribute('src');
      URL.revokeObjectURL(url);
    };
  }, [bytes, type]);
  return (
    <figure className="body-image">
      <img
        ref={picture}
        alt={`Content of ${name}`}
        onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) =>
          setSize(`${count(naturalWidth)} × ${count(naturalHeight)} pixels`)
        }
        onError={() => setSize('The browser cannot show it: it may not have come whole.')}
      />
      <figcaption className="hint">{size}</figcaption>
    </figure>
  );
}

const LABELS: Partial<Record<BodyKind, string>> = {
  multipart: 'Parts',
  byteranges: 'Ranges',
  message: 'Messages',
};

function Structure({ bytes, contentType, whole, kind, depth }: ShownProps) {
  const { pieces, problem } = useMemo(
    () =>
      kind === 'multipart'
        ? partPieces(contentType, bytes, whole)
        : kind === 'byteranges'
          ? rangePieces(contentType, bytes, whole)
          : messagePieces(bytes),
    [bytes, contentType, whole, kind],
  );
  return (
    <div className="body-scroll">
      {problem === null ? null : <p className="body-note problem">{problem}</p>}
      <Pieces pieces={pieces} label={LABELS[kind] ?? 'Parts'}>
        {(piece) => (
          <BodyContent
            content={piece.bytes}
            contentType={piece.contentType}
            contentEncoding={piece.contentEncoding}
            whole={piece.whole}
            name={piece.title}
            origin={piece.origin}
            depth={depth + 1}
          />
        )}
      </Pieces>
    </div>
  );
}

/** Null until it is done. What was shown stays until there is something newer. */
function useInflated(content: Uint8Array, contentEncoding: string, whole: boolean): Inflated | null {
  const [found, setFound] = useState<Inflated | null>(null);
  useEffect(() => {
    let wanted = true;
    // A part is a view of the whole content: a copy has a buffer of its own.
    void inflate(new Uint8Array(content), contentEncoding, whole).then((inflated) => {
      if (wanted) setFound(inflated);
    });
    return () => {
      wanted = false;
    };
  }, [content, contentEncoding, whole]);
  return found;
}
