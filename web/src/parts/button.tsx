/** Something that is done. While `busy` it keeps its place and cannot be done twice. */
import type { ComponentChildren, JSX } from 'preact'
import { Icon, type IconName } from './icon.tsx'

type ButtonProps = Omit<JSX.IntrinsicElements['button'], 'icon'> & {
  kind?: 'plain' | 'primary' | 'ghost' | 'danger'
  size?: 'normal' | 'small'
  icon?: IconName
  busy?: boolean
  children?: ComponentChildren
}

export function Button({ kind = 'plain', size = 'normal', icon, busy = false, disabled, class: more = '', children, ...rest }: ButtonProps) {
  return (
    <button type="button" {...rest} class={`btn ${kind} ${size === 'small' ? 'sm' : ''} ${more}`}
      disabled={disabled} aria-busy={busy || undefined} aria-disabled={busy || undefined}
      {...(busy && { onClick: (event: MouseEvent) => event.preventDefault() })}>
      {icon && <Icon name={icon} size={size === 'small' ? 16 : 18} />}{children}
    </button>
  )
}

type IconButtonProps = Omit<JSX.IntrinsicElements['button'], 'icon' | 'label'> & { icon: IconName; label: string }

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return <button type="button" class="ic" aria-label={label} title={label} {...rest}><Icon name={icon} /></button>
}
