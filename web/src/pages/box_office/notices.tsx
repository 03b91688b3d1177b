/** What the cashier has to know and did not ask for: what was refused, and what waits to be brought back. */
import { Button } from '../../parts/button.tsx'
import { number } from '../../parts/format.ts'
import { Icon } from '../../parts/icon.tsx'
import { count } from './sale.ts'
import type { Till } from './till.ts'

export function Notices({ till }: { till: Till }) {
  return (
    <div class="notices" role="alert">
      {till.notices.value.map((one) => (
        <p key={one.id}><Icon name="alert" /><span>{one.text}</span>
          <button type="button" class="ic" aria-label="Put away" onClick={() => till.dismiss(one.id)}><Icon name="x" /></button></p>
      ))}
      {till.parked.value.map((sale) => (
        <p key={sale.id}><Icon name="alert" /><span>{number(count(sale.wanted))} tickets of a sale before were not sold.</span>
          <Button size="small" onClick={() => till.bringBack(sale.id)}>Bring back</Button>
          <button type="button" class="ic" aria-label="Give these tickets back" onClick={() => till.dismissParked(sale.id)}><Icon name="x" /></button></p>
      ))}
    </div>
  )
}
