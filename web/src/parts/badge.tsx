/** A word on a state. */
import type { ComponentChildren } from 'preact'

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'info'

export const Badge = ({ tone = 'plain', children }: { tone?: Tone; children: ComponentChildren }) =>
  <span class={`badge ${tone}`}>{children}</span>
