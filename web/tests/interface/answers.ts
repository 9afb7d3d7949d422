/**
 * A client that is generated from the server's own document, and looks at every answer: its status, its media type and its
 * shape must be what the document says of the operation.
 */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths } from '../../src/wire/api';

/** The parts of the document that are looked at here. */
interface Operation {
  readonly operationId: string;
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema?: object }> }>;
}

/** The document as it is served. */
export interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object>; readonly securitySchemes: object };
  readonly security: readonly object[];
}

const JSON_TYPE = /^application\/(?:problem\+)?json$/;

/** Looks at answers, and remembers which operations gave one. */
export class Answers {
  readonly #ajv = new Ajv2020({ strict: false, allErrors: true });
  readonly #shapes = new Map<object, ValidateFunction>();
  /** The operations that answered, each with the statuses it answered with. */
  readonly seen = new Map<string, Set<number>>();

  constructor(private readonly document: Document) {
    addFormats.default(this.#ajv);
    for (const format of ['int32', 'int64', 'uint64', 'uint32']) this.#ajv.addFormat(format, true);
    this.#ajv.addSchema({ $id: 'document', components: document.components });
  }

  /** A client that sends these headers with every request. */
  client(origin: string, headers: Record<string, string>): Client<paths> {
    const client = createClient<paths>({ baseUrl: origin, headers });
    const look: Middleware = {
      onResponse: async ({ schemaPath, request, response }) => {
        await this.look(schemaPath, request.method.toLowerCase(), response.clone());
      },
    };
    client.use(look);
    return client;
  }

  /** Looks at one answer. Throws when the document says something else. */
  async look(path: string, method: string, response: Response): Promise<void> {
    const operation = this.document.paths[path]?.[method];
    if (operation === undefined) throw new Error(`${method} ${path} is not in the document`);
    const what = `${method} ${path}: ${response.status}`;
    const seen = this.seen.get(operation.operationId) ?? new Set();
    this.seen.set(operation.operationId, seen.add(response.status));
    const isError = response.status >= 400;
    const told = operation.responses[isError ? 'default' : String(response.status)];
    if (told === undefined) throw new Error(`${what} is not in the document`);
    const body = await response.text();
    // The head of an answer says of what type its body would be.
    if (method === 'head') return;
    const [type = '', shape] = Object.entries(told.content ?? {})[0] ?? [];
    if (shape?.schema === undefined || !JSON_TYPE.test(type)) {
      if (JSON_TYPE.test(response.headers.get('content-type') ?? ''))
        throw new Error(`${what} has JSON that is not told of`);
      return;
    }
    const sent = response.headers.get('content-type');
    if (sent !== type) throw new Error(`${what} is ${sent ?? 'of no type'}, not ${type}`);
    this.#check(what, shape.schema, JSON.parse(body));
  }

  #check(what: string, schema: object, value: unknown): void {
    let fits = this.#shapes.get(schema);
    if (fits === undefined) {
      fits = this.#ajv.compile(anchored(schema) as object);
      this.#shapes.set(schema, fits);
    }
    if (!fits(value)) throw new Error(`${what}: ${this.#ajv.errorsText(fits.errors)} in ${JSON.stringify(value)}`);
  }
}

/** A schema whose references lead into the document that was added under its name. */
function anchored(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(anchored);
  if (typeof schema !== 'object' || schema === null) return schema;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [
      key,
      key === '$ref' && typeof value === 'string' ? `document${value}` : anchored(value),
    ]),
  );
}
