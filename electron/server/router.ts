// Owns the way of a request to its answer, whoever carried it; with the controllers' loop the only place where an error becomes a Status.
// Must not know a transport, nor any single route.
import type { ByteChannel } from '../api/channel.ts';
import { AppError } from '../api/errors.ts';
import { wantsYaml } from './accept.ts';
import { accessRoutes } from './access-routes.ts';
import { askedBy, checkAccess } from './access.ts';
import { asYaml, type Details, ourFault, refusal } from './answer.ts';
import { apiDoorRoutes } from './api-door-routes.ts';
import { hostDeviceRoutes } from './host-device-routes.ts';
import { networkRoutes } from './network-routes.ts';
import { memoryRoutes } from './memory-routes.ts';
import { nodeRoutes } from './node-routes.ts';
import { carriageRoutes, carryDisk, isDiskPath } from './disk-carriage.ts';
import { transferRoutes } from './transfer-routes.ts';
import { createUploadTokens } from './upload-tokens.ts';
import { proxied, proxyRequest } from './cluster-proxy.ts';
import { connectionRoutes } from './connection-routes.ts';
import { computerRoutes } from './computer-routes.ts';
import { discoveryRoutes } from './discovery.ts';
import { createTexts } from './encode.ts';
import type { Caller, Parts, Route, RouterOptions } from './exchange.ts';
import { healthRoutes } from './health-routes.ts';
import { objectRoutes } from './object-routes.ts';
import { openApiRoutes } from './openapi.ts';
import { openApiV2Routes } from './openapi-v2-routes.ts';
import { preparationRoutes } from './preparation-routes.ts';
import { flag } from './query.ts';
import { podRoutes } from './pod-routes.ts';
import { routeTable } from './route-table.ts';
import { revisionRoutes } from './revision-routes.ts';
import { isStream, streamAt } from './stream-paths.ts';
import { instanceKey, subresourceRoutes } from './subresources.ts';
import { createWatchHub } from './watch.ts';

export type { Caller, RouterOptions } from './exchange.ts';

export interface Router {
  /** Never rejects. A watch's body ends when `request.signal` aborts or its reader cancels. */
  handle(request: Request, caller: Caller): Promise<Response>;
  /** Opens the console or port that `path` (with or without a query) names. Rejects with an AppError; answer.ts writes it. */
  open(path: string, caller: Caller): Promise<ByteChannel>;
}

/** Literal paths stand before paths with braces. */
function routes(): readonly Route[] {
  return [
    ...healthRoutes,
    ...discoveryRoutes,
    ...openApiRoutes(),
    ...openApiV2Routes(),
    ...accessRoutes,
    ...podRoutes,
    ...computerRoutes,
    ...connectionRoutes,
    ...transferRoutes,
    ...carriageRoutes,
    ...networkRoutes,
    ...hostDeviceRoutes,
    ...preparationRoutes,
    ...memoryRoutes,
    ...nodeRoutes,
    ...revisionRoutes,
    ...apiDoorRoutes,
    ...subresourceRoutes(),
    ...objectRoutes,
  ];
}

export function createRouter(options: RouterOptions): Router {
  const table = routeTable(routes());
  const textOf = createTexts();
  const parts: Parts = {
    ...options,
    textOf,
    watches: createWatchHub({ engine: options.engine, clock: options.clock, textOf }),
    uploadTokens: createUploadTokens(options.clock),
  };

  const expected = (error: unknown): AppError => {
    if (error instanceof AppError && error.code !== 'Internal') return error;
    options.log.error('A request failed for a reason of our own.', describe(error));
    return ourFault();
  };

  return {
    async handle(request, caller) {
      let details: Details | undefined;
      try {
        const { pathname, searchParams } = new URL(request.url);
        const beyond = proxied(pathname);
        if (beyond !== undefined) return await proxyRequest(parts, beyond, { request, caller });
        if (isDiskPath(pathname)) return await carryDisk(parts, request);
        const { route, params } = table.find(request.method, pathname);
        details = detailsOf(params);
        checkAccess(caller, askedBy(request.method, pathname, flag(searchParams, 'watch') === true));
        const answer = await route.handle(parts, { request, path: pathname, query: searchParams, params, caller });
        return wantsYaml(request.headers.get('accept')) ? await asYaml(answer) : answer;
      } catch (error) {
        // Nobody is left to read the answer; the body's stream fails with the client's leaving.
        if (request.signal.aborted) return new Response(null, { status: 499 });
        return refusal(expected(error), details);
      }
    },
    async open(path, caller) {
      try {
        const [pathname = ''] = path.split('?');
        const beyond = proxied(pathname);
        if (beyond !== undefined) {
          if (!isStream(beyond.path)) throw notFound();
          checkAccess(caller, askedBy('GET', beyond.path, false));
          return await options.engine.clusters.open(beyond.connection, beyond.path);
        }
        const found = streamAt(pathname);
        if (found === undefined) throw notFound();
        // The same checks of names as for any other path.
        const { params } = table.find('GET', pathname);
        checkAccess(caller, askedBy('GET', pathname, false));
        const key = instanceKey(params);
        return await (found.type === 'console' ? options.engine.openConsole(found.name, key) : options.engine.openGuestPort(key, found));
      } catch (error) {
        throw expected(error);
      }
    },
  };
}

function notFound(): AppError {
  return new AppError('NotFound', 'the server could not find the requested resource');
}

/** Kubernetes says the plural where the field is called kind. */
function detailsOf({ name, group, plural }: Readonly<Record<string, string>>): Details | undefined {
  if (name === undefined || plural === undefined) return undefined;
  return { name, ...(group === undefined ? {} : { group }), kind: plural };
}

function describe(error: unknown): { readonly message: string; readonly stack: string } {
  const seen = error instanceof AppError && error.cause instanceof Error ? error.cause : error;
  return { message: error instanceof Error ? error.message : String(error), stack: seen instanceof Error ? (seen.stack ?? '') : '' };
}
