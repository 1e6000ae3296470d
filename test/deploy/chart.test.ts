import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfig, requireSafeListener } from '../../src/config.ts';
import { CHART_YAML, type Manifest, renderChart, type Values } from './chart.ts';

const KEY = 'a secret key of more than 32 characters';
const URL_OF_DATABASE = 'postgres://roster:p%40ss"word@db:5432/roster?sslmode=require';

const least: Values = {
  image: { repository: 'registry.example.com/roster' },
  baseUrl: 'https://scim.example.com',
  database: { existingSecret: 'theirs', existingSecretKey: 'url' },
  secretKey: { existingSecret: 'others' },
};

const byValue: Values = {
  ...least,
  database: { url: URL_OF_DATABASE },
  secretKey: { value: KEY },
};

const everything: Values = {
  ...byValue,
  imagePullSecrets: [{ name: 'pull' }],
  tls: { existingSecret: 'pod-tls' },
  trustProxy: '10.0.0.0/8,fd00::/8',
  settings: { ROSTER_METRICS: 'on', ROSTER_RATE_LIMIT: '500' },
  autoscaling: { enabled: true },
  service: { annotations: { example: 'yes' } },
  ingress: {
    enabled: true,
    className: 'nginx',
    host: 'scim.example.com',
    tlsSecret: 'web',
    annotations: { a: '1' },
  },
  networkPolicy: {
    enabled: true,
    from: [{ namespaceSelector: {} }],
    databaseTo: [{ ipBlock: { cidr: '10.0.0.0/8' } }],
  },
  podAnnotations: { note: 'x' },
  podLabels: { team: 'identity' },
  nodeSelector: { disk: 'ssd' },
  tolerations: [{ key: 'a', operator: 'Exists' }],
  affinity: { nodeAffinity: {} },
  extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
  extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/ca' }],
};

const sets = [
  ['the least', least],
  ['secrets by value', byValue],
  ['everything', everything],
  ['next to nothing', { ...least, topologyKeys: [], podDisruptionBudget: { enabled: false } }],
] as const;

function one(manifests: readonly Manifest[], kind: string): Manifest {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  expect(found).toHaveLength(1);
  return found[0] as Manifest;
}

const environmentOf = (manifest: Manifest): Record<string, string> => {
  const { env } = manifest.spec.template.spec.containers[0];
  const names = env.map(({ name }: { name: string }) => name);
  expect(new Set(names).size).toBe(names.length);
  return Object.fromEntries(env.map(({ name, value }: Record<string, string>) => [name, value]));
};

describe.each(sets)('the Helm chart, given %s', (_name, values) => {
  const { manifests, notes } = renderChart(values);
  const deployment = one(manifests, 'Deployment');
  const job = one(manifests, 'Job');
  const { spec: pod, metadata: podMetadata } = deployment.spec.template;

  it('renders objects that have names and labels of their own', () => {
    const names = manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { apiVersion, metadata } of manifests) {
      expect(apiVersion).toMatch(/^(v1|[a-z.0-9]+\/v\d)$/);
      expect(metadata.name).toMatch(/^scim-roster(-migrate)?$/);
      expect(metadata.labels).toMatchObject({
        'app.kubernetes.io/name': 'roster',
        'app.kubernetes.io/instance': 'scim',
        'app.kubernetes.io/version': CHART_YAML.appVersion,
        'helm.sh/chart': `roster-${CHART_YAML.version}`,
      });
    }
    expect(JSON.stringify(manifests)).not.toMatch(/undefined|null|no value|\[object/);
    expect(notes).toContain('exec deployment/scim-roster --');
  });

  it('selects the pods of the deployment, and not that of the migration', () => {
    const selectors = manifests.flatMap(({ kind, spec }) => {
      if (kind === 'Service') return [spec.selector];
      if (kind === 'NetworkPolicy') return [spec.podSelector.matchLabels];
      return kind === 'Deployment' || kind === 'PodDisruptionBudget' ? [spec.selector.matchLabels] : [];
    });
    const spread = pod.topologySpreadConstraints.map(
      ({ labelSelector }: Manifest['spec']) => labelSelector.matchLabels,
    );
    expect(selectors.length).toBeGreaterThan(1);
    for (const selector of [...selectors, ...spread]) {
      expect(podMetadata.labels).toMatchObject(selector);
      expect(job.spec.template.metadata.labels).not.toMatchObject(selector);
    }
  });

  it('probes what Roster answers, on the port that it listens on, in its protocol', () => {
    const [container] = pod.containers;
    const { ROSTER_PORT, ROSTER_TLS_CERT } = environmentOf(deployment);
    const [{ name, containerPort }] = container.ports;
    expect(String(containerPort)).toBe(ROSTER_PORT);
    const scheme = ROSTER_TLS_CERT === undefined ? 'HTTP' : 'HTTPS';
    for (const [probe, path] of [
      ['startupProbe', '/healthz'],
      ['livenessProbe', '/healthz'],
      ['readinessProbe', '/readyz'],
    ] as const)
      expect(container[probe].httpGet).toEqual({ path, port: name, scheme });
    expect(one(manifests, 'Service').spec.ports[0].targetPort).toBe(name);
  });

  it('gives server and migration settings that they take, and mounts the files that these name', () => {
    for (const manifest of [deployment, job]) {
      const settings = environmentOf(manifest);
      const { volumes, containers } = manifest.spec.template.spec;
      const mounts: { name: string; mountPath: string }[] = containers[0].volumeMounts;
      for (const { name } of mounts) expect(volumes).toContainEqual(expect.objectContaining({ name }));
      const files = Object.entries(settings).filter(([, value]) => value.startsWith('/run/'));
      for (const [, file] of files)
        expect(mounts.some(({ mountPath }) => file.startsWith(`${mountPath}/`))).toBe(true);
      // the file of the URL is not there to be read
      const { ROSTER_DATABASE_URL_FILE: _, ...others } = settings;
      const config = loadConfig({ ...others, ROSTER_DATABASE_URL: URL_OF_DATABASE });
      expect(config.baseUrl).toBe('https://scim.example.com');
      if (manifest === job) continue;
      requireSafeListener(config);
      expect(config).toMatchObject({ host: '0.0.0.0', quickstart: false });
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(config.stopDelay + 10);
    }
  });

  it('has the secrets before the migration, and the migration before the pods', () => {
    const { sources } = job.spec.template.spec.volumes[0].projected;
    const of = (key: string, path: string, name: string) => ({ secret: { name, items: [{ key, path }] } });
    if (values === byValue || values === everything) {
      const secret = one(manifests, 'Secret');
      expect(secret.stringData).toEqual({ 'database-url': URL_OF_DATABASE, 'secret-key': KEY });
      expect(sources).toEqual([
        of('database-url', 'database-url', 'scim-roster'),
        of('secret-key', 'secret-key', 'scim-roster'),
      ]);
      const weight = ({ metadata }: Manifest) => Number(metadata.annotations['helm.sh/hook-weight']);
      expect(weight(secret)).toBeLessThan(weight(job));
    } else {
      expect(manifests.some(({ kind }) => kind === 'Secret')).toBe(false);
      expect(sources).toEqual([
        of('url', 'database-url', 'theirs'),
        of('secret-key', 'secret-key', 'others'),
      ]);
    }
    expect(job.metadata.annotations['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    expect(job.spec.template.spec.containers[0].args).toEqual(['migrate']);
    expect(JSON.stringify([deployment, job])).not.toContain(KEY);
    expect(notes).not.toContain(KEY);
  });

  it('lets the pods do nothing but what they need', () => {
    for (const { spec } of [deployment.spec.template, job.spec.template]) {
      expect(spec.automountServiceAccountToken).toBe(false);
      // a service named roster would give them a variable ROSTER_PORT
      expect(spec.enableServiceLinks).toBe(false);
      expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 });
      expect(spec.containers[0].securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
      expect(spec.containers[0].resources.limits.memory).toBeDefined();
    }
  });
});

describe('the Helm chart', () => {
  it('has the version of Roster', () => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(CHART_YAML).toMatchObject({ version, appVersion: version });
  });

  it('renders what is asked for besides, and nothing that is not', () => {
    const kinds = (values: Values) => renderChart(values).manifests.map(({ kind }) => kind);
    const always = ['Deployment', 'Job', 'PodDisruptionBudget', 'Service'];
    expect(kinds(least).sort()).toEqual(always);
    expect(kinds(everything).sort()).toEqual(
      [...always, 'HorizontalPodAutoscaler', 'Ingress', 'NetworkPolicy', 'Secret'].sort(),
    );
    expect(one(renderChart(least).manifests, 'Deployment').spec.replicas).toBe(3);
    expect(one(renderChart(everything).manifests, 'Deployment').spec.replicas).toBeUndefined();
    const { spec } = one(renderChart(everything).manifests, 'Ingress');
    expect(spec.tls).toEqual([{ secretName: 'web', hosts: ['scim.example.com'] }]);
    expect(spec.rules[0].host).toBe('scim.example.com');
    expect(spec.rules[0].http.paths.map(({ path }: { path: string }) => path)).toEqual([
      '/scim',
      '/wso2',
      '/t',
    ]);
  });

  it('renders new pods for another secret', () => {
    const sum = (values: Values) =>
      one(renderChart(values).manifests, 'Deployment').spec.template.metadata.annotations['checksum/secret'];
    expect(sum({ ...byValue, secretKey: { value: `${KEY}2` } })).not.toBe(sum(byValue));
  });

  it.each([
    ['no image', { ...least, image: {} }, /image\.repository is missing/],
    ['no base URL', { ...least, baseUrl: '' }, /baseUrl is missing/],
    ['no database', { ...least, database: {} }, /database\.url or database\.existingSecret is missing/],
    [
      'no secret key',
      { ...least, secretKey: {} },
      /secretKey\.value or secretKey\.existingSecret is missing/,
    ],
    ['a short secret key', { ...least, secretKey: { value: 'short' } }, /^values: .*secretKey\/value/],
    ['another database', { ...least, database: { url: 'mysql://db/roster' } }, /^values: .*database\/url/],
    [
      'plain HTTP for everybody',
      { ...least, trustProxy: '' },
      /trustProxy and tls\.existingSecret are missing/,
    ],
    ['a value that is unknown', { ...least, replicaCount: 2 }, /^values: .*replicaCount/],
    ['a setting of its own', { ...least, settings: { ROSTER_HOST: '::' } }, /^values: .*settings/],
    ['a setting that is no text', { ...least, settings: { ROSTER_RATE_LIMIT: 500 } }, /^values: .*settings/],
    ['a closed network', { ...least, networkPolicy: { enabled: true } }, /networkPolicy\.from is missing/],
    [
      'a certificate of no host',
      { ...least, ingress: { enabled: true, tlsSecret: 'x' } },
      /ingress\.host is missing/,
    ],
  ])('refuses %s', (_name, values, words) => {
    expect(() => renderChart(values)).toThrow(words);
  });
});
