// build.mjs - makes the pages:  node build.mjs FOLDER
//
// FOLDER gets index.html and assets/NAME-HASH.js and .css; the sizes are printed, and too much is an
// error. `node build.mjs --serve` is for whoever works on the pages: it builds at every load and
// passes what is not below /admin/ on to a running ticketd.
//
//     TICKETD=http://127.0.0.1:8080 [KEY=tkd_…] [PORT=8090] node build.mjs --serve
//
// With KEY every request that brings no credentials of its own is made with that API key.
import * as esbuild from 'esbuild'
import { createHash } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { basename, dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'

const here = dirname(fileURLToPath(import.meta.url))

// What a phone on a poor line loads before it shows anything.
const BUDGET = { '.js': 60 * 1024, '.css': 10 * 1024 }

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.html': 'text/html' }

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: https:; " +
  "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

const options = {
  absWorkingDir: here,
  entryPoints: { main: 'src/main.tsx', early: 'src/early.ts' },
  alias: { '@ticketd/client': join(here, '../clients/typescript/src/index.ts') },
  bundle: true,
  minify: true,
  write: false,
  format: 'esm',
  outdir: 'out',
  jsx: 'automatic',
  jsxImportSource: 'preact',
  nodePaths: [join(here, 'node_modules')],
  target: ['chrome123', 'firefox121', 'safari17.5'],
  legalComments: 'none',
  logLevel: 'warning',
}

/** The files by their path within the folder, as esbuild made them, hashed, with the page that names them. */
async function pages(built) {
  const files = new Map()
  let page = await readFile(join(here, 'index.html'), 'utf8')
  for (const file of built.outputFiles) {
    const name = basename(file.path), end = extname(name)
    const hash = createHash('sha256').update(file.contents).digest('hex').slice(0, 10)
    const path = `assets/${basename(name, end)}-${hash}${end}`
    files.set(path, file.contents)
    page = page.replace(`%${name}%`, `/admin/${path}`)
  }
  return files.set('index.html', Buffer.from(page))
}

function report(files) {
  const sums = { '.js': 0, '.css': 0 }
  for (const [path, bytes] of files) {
    const size = gzipSync(bytes, { level: 9 }).length
    console.log(`${path.padEnd(32)} ${String(bytes.length).padStart(8)}  gzip ${size}`)
    if (extname(path) in sums) sums[extname(path)] += size
  }
  for (const [end, sum] of Object.entries(sums)) {
    if (sum > BUDGET[end]) throw new Error(`${end} takes ${sum} bytes of ${BUDGET[end]} (gzip)`)
  }
}

async function build(folder) {
  const files = await pages(await esbuild.build(options))
  await rm(folder, { recursive: true, force: true })
  await mkdir(join(folder, 'assets'), { recursive: true })
  for (const [path, bytes] of files) await writeFile(join(folder, path), bytes)
  report(files)
}

function passOn(asked, answer) {
  const server = new URL(process.env.TICKETD ?? 'http://127.0.0.1:8080')
  const headers = { ...asked.headers, host: server.host }
  if (headers.origin) headers.origin = server.origin
  if (process.env.KEY && !headers.authorization && !headers.cookie) {
    headers.authorization = `Bearer ${process.env.KEY}`
  }
  const passed = request(new URL(asked.url, server), { method: asked.method, headers }, (reply) => {
    answer.writeHead(reply.statusCode, reply.headers)
    reply.pipe(answer)
  })
  passed.on('error', () => answer.headersSent ? answer.destroy() : answer.writeHead(502).end())
  answer.on('close', () => passed.destroy())
  asked.pipe(passed)
}

async function serve() {
  const context = await esbuild.context({ ...options, minify: false, sourcemap: 'inline' })
  const port = Number(process.env.PORT ?? 8090)
  let files = new Map()
  const server = createServer(async (asked, answer) => {
    const path = new URL(asked.url, 'http://here').pathname
    if (path === '/') return answer.writeHead(302, { location: '/admin/' }).end()
    if (!path.startsWith('/admin')) return passOn(asked, answer)
    const name = path.startsWith('/admin/assets/') ? path.slice('/admin/'.length) : 'index.html'
    try {
      if (name === 'index.html') files = await pages(await context.rebuild())
    } catch (error) {
      return answer.writeHead(500, { 'content-type': 'text/plain' }).end(String(error))
    }
    if (!files.has(name)) return answer.writeHead(404).end()
    const type = `${TYPES[extname(name)]}; charset=utf-8`
    answer.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(files.get(name))
  })
  server.listen(port, '127.0.0.1', () => console.log(`http://127.0.0.1:${port}/admin/`))
}

const [, , argument] = process.argv
if (argument === '--serve') await serve()
else if (argument) await build(argument)
else throw new Error('node build.mjs FOLDER, or node build.mjs --serve')
