// Server-sent events out of pieces of text, as the HTML standard reads them. Pure.

export interface Message {
    /** undefined: fields without data, such as `retry` alone. */
    type: string | undefined;
    id: string | undefined;
    retryMs: number | undefined;
    data: unknown;
}

export class MessageReader {
    #rest = "";
    #type = "";
    #data: string[] = [];
    #id: string | undefined;
    #retryMs: number | undefined;

    /** The messages that are whole with this piece. */
    read(piece: string): Message[] {
        const lines = (this.#rest + piece).split(/\r\n|\n|\r(?=[^\n])/);
        this.#rest = lines.pop() ?? "";
        const found: Message[] = [];
        for (const line of lines) {
            if (line === "") this.#end(found);
            else this.#field(line);
        }
        return found;
    }

    #field(line: string): void {
        const colon = line.indexOf(":");
        if (colon === 0) return; // a comment: the server's ping
        const name = colon < 0 ? line : line.slice(0, colon);
        const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (name === "event") this.#type = value;
        else if (name === "data") this.#data.push(value);
        else if (name === "id") this.#id = value;
        else if (name === "retry" && /^\d+$/.test(value)) this.#retryMs = Number(value);
    }

    #end(found: Message[]): void {
        const hasData = this.#data.length > 0;
        if (hasData || this.#retryMs !== undefined)
            found.push({
                type: hasData ? this.#type || "message" : undefined,
                id: hasData ? this.#id : undefined,
                retryMs: this.#retryMs,
                data: hasData ? (JSON.parse(this.#data.join("\n")) as unknown) : undefined,
            });
        this.#type = "";
        this.#data = [];
        this.#id = undefined;
        this.#retryMs = undefined;
    }
}
