// A bad line between client and server: it passes requests on, and may cut the connection once the server
// has answered, so that the effect is there and the answer is not.
import { createServer, connect, type Server, type Socket } from "node:net";
import { once } from "node:events";

export class CuttingProxy {
    private readonly server: Server;
    private readonly sockets = new Set<Socket>();
    /** How many answers of those to come are cut. */
    cuts = 0;
    cut = 0;

    private constructor(target: { host: string; port: number }) {
        this.server = createServer((client) => {
            const upstream = connect(target.port, target.host);
            for (const socket of [client, upstream]) {
                this.sockets.add(socket);
                socket.on("error", () => undefined);
                socket.on("close", () => {
                    this.sockets.delete(socket);
                    client.destroy();
                    upstream.destroy();
                });
            }
            client.pipe(upstream);
            upstream.on("data", (bytes) => {
                if (this.cuts > 0) {
                    this.cuts--;
                    this.cut++;
                    client.destroy();
                } else client.write(bytes);
            });
        });
    }

    static async open(target: { host: string; port: number }): Promise<CuttingProxy> {
        const proxy = new CuttingProxy(target);
        proxy.server.listen(0, "127.0.0.1");
        await once(proxy.server, "listening");
        return proxy;
    }

    get url(): string {
        const address = this.server.address();
        if (address === null || typeof address === "string") throw new Error("not listening");
        return `http://127.0.0.1:${address.port}`;
    }

    async close(): Promise<void> {
        const closed = once(this.server, "close");
        this.server.close();
        for (const socket of this.sockets) socket.destroy();
        await closed;
    }
}
