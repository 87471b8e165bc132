// The guide: one line above the timeline for each stop, and a frame around what it speaks of. Nothing waits for it.

import { ArrowLeft, ArrowRight, X } from 'lucide-react';
import { useLayoutEffect } from 'react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { useLaboratory } from '../stores/context.ts';
import { STOPS } from './stops.ts';
import './tour.css';

export function Tour() {
  const { tour } = useLaboratory();
  const index = useStore(tour.store, (state) => state.stop);
  const stop = index === null ? undefined : STOPS[index];
  const place = stop?.place;
  useLayoutEffect(() => {
    if (place === undefined) return undefined;
    document.documentElement.dataset['tour'] = place;
    return () => {
      delete document.documentElement.dataset['tour'];
    };
  }, [place]);
  if (stop === undefined || index === null) return null;
  const isLast = index === STOPS.length - 1;
  return (
    <section
      className="tour"
      aria-label="Tour"
      onKeyDown={(event) => {
        if (event.key === 'Escape') tour.leave();
      }}
    >
      <span className="tour-number mono">
        {index + 1}
        <span className="visually-hidden"> of {STOPS.length}</span>
      </span>
      <div className="tour-words">
        <h3 className="strong">{stop.title}</h3>
        <p>{stop.words}</p>
      </div>
      <div className="tour-steps" aria-hidden="true">
        {STOPS.map((one, at) => (
          <span key={one.place} className="dot" data-tone={at === index ? 'accent' : 'quiet'} />
        ))}
      </div>
      <div className="tour-actions">
        <Button
          className="button plain icon small"
          aria-label="Previous stop"
          isDisabled={index === 0}
          onPress={() => tour.step(-1)}
        >
          <ArrowLeft size={14} aria-hidden="true" />
        </Button>
        <Button className="button small" onPress={() => tour.step(1)}>
          {isLast ? 'Done' : 'Next'}
          {isLast ? null : <ArrowRight size={13} aria-hidden="true" />}
        </Button>
        <Button className="button plain icon small" aria-label="Leave the tour" onPress={() => tour.leave()}>
          <X size={13} aria-hidden="true" />
        </Button>
      </div>
    </section>
  );
}
