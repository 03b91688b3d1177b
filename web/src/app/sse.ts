/** What events are in this text? Server-sent events, cut from chunks as they come. */
export interface Message { type: string; id: string; data: string }

export class MessageReader {
  #rest = ''
  /** The messages that are whole now, and, by `retry`, how long the server wants us to wait. */
  retry: number | null = null

  read(chunk: string): Message[] {
    const blocks = (this.#rest + chunk).replaceAll('\r\n', '\n').split('\n\n')
    this.#rest = blocks.pop() ?? ''
    return blocks.map((block) => this.#parse(block)).filter((one) => one !== null)
  }

  #parse(block: string): Message | null {
    const message: Message = { type: 'message', id: '', data: '' }
    const data: string[] = []
    for (const line of block.split('\n')) {
      const colon = line.indexOf(':')
      const field = colon < 0 ? line : line.slice(0, colon)
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
      if (field === 'event') message.type = value
      else if (field === 'id') message.id = value
      else if (field === 'data') data.push(value)
      else if (field === 'retry' && /^\d+$/.test(value)) this.retry = Number(value)
    }
    message.data = data.join('\n')
    return data.length ? message : null
  }
}
