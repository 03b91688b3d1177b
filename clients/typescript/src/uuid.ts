/** A UUID of version 7: in the order of time, as ticketd's database likes its keys. Plain http on a LAN
 * address has no crypto.randomUUID. */
export function uuidv7(now = Date.now()): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    for (let i = 5, rest = now; i >= 0; i--) {
        bytes[i] = rest % 256;
        rest = Math.floor(rest / 256);
    }
    bytes[6] = (bytes[6]! & 0x0f) | 0x70;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
