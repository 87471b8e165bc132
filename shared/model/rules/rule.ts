// What a rule is. Nothing else.

/** `error`: the message or its data cannot be relied on; `warning`: a rule is broken; `info`: worth knowing. */
export type RuleLevel = 'error' | 'warning' | 'info';

export interface Rule {
  readonly level: RuleLevel;
  /** `RFC 9110 §15.2`, or the name of a draft. */
  readonly source: string;
  /** What is wrong, as one sentence. */
  readonly says: string;
}

export function rule(level: RuleLevel, source: string, says: string): Rule {
  return { level, source, says };
}
