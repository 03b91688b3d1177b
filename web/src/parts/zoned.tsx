/** A time as it reads where the event is, with the zone's abbreviation. */
import { date, moment, time, zone, zoneTitle } from './format.ts'

export const Zone = ({ at, zone: name }: { at: string | number; zone: string }) =>
  <abbr title={zoneTitle(name)}>{zone(at, name)}</abbr>

/** "Sat, Dec 5, 2026, 8:00 PM CST" */
export const DateTime = ({ at, zone: name }: { at: string; zone: string }) =>
  <time dateTime={at}>{date(at, name)}, {time(at, name)} <Zone at={at} zone={name} /></time>

/** "Nov 22, 10:42 AM CST" */
export const Moment = ({ at, zone: name }: { at: string; zone: string }) =>
  <time dateTime={at} title={`${date(at, name)}, ${time(at, name)} ${zone(at, name)}`}>
    {moment(at, name)} <Zone at={at} zone={name} />
  </time>
