// How each proxy is set up to pass everything on to one origin, in a folder of its own: the files, the arguments, the
// environment. Pure; nothing outside of the folder is named, and what is not needed is off.

import { assertNever } from '../../shared/capture/records.ts';
import type { ProxyName } from './find.ts';

export interface ProxyPlace {
  /** Absolute; the configuration's own paths are relative to it. */
  readonly folder: string;
  /** To listen on, at 127.0.0.1. */
  readonly port: number;
  /** `127.0.0.1:18080`, `[::1]:18080` */
  readonly origin: string;
}

export interface Configuration {
  /** Name in the folder. */
  readonly file: string;
  readonly text: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Where it writes what goes wrong, besides its outputs; null: nowhere else. */
  readonly log: string | null;
}

/** Apache's modules: those that are to be loaded from files, as `NAME_module` and absolute path. */
export type ApacheModules = readonly (readonly [name: string, path: string])[];

/**
 * The configuration of a proxy that speaks HTTP/1.1 to its origin and holds nothing back that it need not.
 * @param version `1.22.1`
 * @param modules of Apache only
 */
export function configurationOf(
  name: ProxyName,
  version: string,
  place: ProxyPlace,
  modules: ApacheModules,
): Configuration {
  switch (name) {
    case 'nginx':
      return nginx(place, version);
    case 'haproxy':
      return haproxy(place);
    case 'apache':
      return apache(place, modules);
    case 'caddy':
      return caddy(place);
    default:
      return assertNever(name);
  }
}

/** One process without a master: there is only one to end. */
function nginx({ folder, port, origin }: ProxyPlace, version: string): Configuration {
  return {
    file: 'nginx.conf',
    text: `daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events {
  worker_connections 256;
}
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://${origin};
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_buffering off;
      proxy_request_buffering off;
    }
  }
}
`,
    // Before it reads its configuration it would open the system's log.
    args: [...(isAtLeast(version, [1, 19, 5]) ? ['-e', 'stderr'] : []), '-p', folder, '-c', 'nginx.conf'],
    environment: {},
    log: null,
  };
}

function haproxy({ port, origin }: ProxyPlace): Configuration {
  return {
    file: 'haproxy.cfg',
    text: `global
  maxconn 256
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend front
  bind 127.0.0.1:${port}
  default_backend back
backend back
  server origin ${origin}
`,
    args: ['-db', '-f', 'haproxy.cfg'],
    environment: {},
    log: null,
  };
}

/** -X: one process, in the foreground. */
function apache({ folder, port, origin }: ProxyPlace, modules: ApacheModules): Configuration {
  const loads = modules.map(([name, path]) => `LoadModule ${name} "${path}"\n`).join('');
  return {
    file: 'httpd.conf',
    text: `${loads}ServerName 127.0.0.1
Listen 127.0.0.1:${port}
DefaultRuntimeDir .
PidFile httpd.pid
ErrorLog error.log
LogLevel warn
ProxyPass "/" "http://${origin}/"
ProxyPreserveHost On
`,
    args: ['-X', '-d', folder, '-f', 'httpd.conf'],
    environment: {},
    log: 'error.log',
  };
}

function caddy({ folder, port, origin }: ProxyPlace): Configuration {
  return {
    file: 'Caddyfile',
    text: `{
  admin off
  auto_https off
}
http://:${port} {
  bind 127.0.0.1
  reverse_proxy ${origin} {
    flush_interval -1
  }
}
`,
    args: ['run', '--config', 'Caddyfile', '--adapter', 'caddyfile'],
    // It keeps certificates and its last configuration, which are nobody's here.
    environment: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
    log: null,
  };
}

function isAtLeast(version: string, least: readonly number[]): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, number] of least.entries()) {
    const own = parts[index] ?? 0;
    if (own !== number) return own > number;
  }
  return true;
}
