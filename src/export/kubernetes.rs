//! Kubernetes manifests: Deployment, Service and disruption budget for vLLM.

use super::compose::vllm_image;
use super::escape::{comment, label};
use super::launch::vllm_args_yaml;
use super::served::Served;

/// The manifests, one YAML stream.
pub fn manifests(served: &Served) -> String {
    format!("{}---\n{}---\n{}", deployment(served), service(served), disruption_budget(served))
}

fn deployment(served: &Served) -> String {
    let name = label(&served.name);
    format!(
        r#"# {link}
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {name}
  labels: {{ app: {name} }}
spec:
  replicas: {replicas} # fleet.replicas: {peak} for the peak, the rest are spares
  selector:
    matchLabels: {{ app: {name} }}
  strategy:
    type: RollingUpdate
    # every GPU is in use, so an extra pod could not be scheduled
    rollingUpdate: {{ maxSurge: 0, maxUnavailable: 1 }}
  template:
    metadata:
      labels: {{ app: {name} }}
    spec:
{spread}      terminationGracePeriodSeconds: 120
      containers:
{container}      volumes:
        - name: shm
          emptyDir: {{ medium: Memory, sizeLimit: 16Gi }}
        - name: cache
          emptyDir: {{}} # a persistent volume saves the download at every start
"#,
        link = comment(&served.link),
        replicas = served.replicas,
        peak = served.replicas_for_peak,
        spread = spread(&name, served.zones),
        container = container(served),
    )
}

/// Over zones: as far as there is room, or evenly where the plan counts on losing one of them.
fn spread(name: &str, zones: u32) -> String {
    let unless = match zones {
        0 | 1 => "ScheduleAnyway # scarce GPU nodes must not leave a pod pending".to_string(),
        zones => format!(
            "DoNotSchedule # hardware.zones: no zone may hold more than its share, or losing it costs too much\n          \
             minDomains: {zones}"
        ),
    };
    format!(
        r#"      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: {unless}
          labelSelector:
            matchLabels: {{ app: {name} }}
"#
    )
}

fn container(served: &Served) -> String {
    format!(
        r#"        - name: vllm
          image: {image}
          args:
{args}          ports:
            - {{ name: http, containerPort: 8000 }}
          env:
            - name: HF_TOKEN
              valueFrom:
                secretKeyRef: {{ name: huggingface, key: token, optional: true }}
          resources:
            limits:
              {resource}: {gpus} # fleet.gpus_per_replica
{probes}          volumeMounts:
            - {{ name: shm, mountPath: /dev/shm }}
            - {{ name: cache, mountPath: /root/.cache/huggingface }}
"#,
        image = vllm_image(served),
        args = vllm_args_yaml(served, 12),
        resource = if served.is_amd() { "amd.com/gpu" } else { "nvidia.com/gpu" },
        gpus = served.gpus,
        probes = probes(served),
    )
}

/// Loading may take as long as the weights need; afterwards a pod that stops answering is replaced.
fn probes(served: &Served) -> String {
    format!(
        r#"          startupProbe: # {gigabytes:.0} GB of weights
            httpGet: {{ path: /health, port: http }}
            periodSeconds: 10
            failureThreshold: {failures}
          readinessProbe:
            httpGet: {{ path: /v1/models, port: http }}
            periodSeconds: 5
          livenessProbe:
            httpGet: {{ path: /health, port: http }}
            periodSeconds: 10
            failureThreshold: 3
            timeoutSeconds: 5
"#,
        gigabytes = served.weights_bytes / 1e9,
        failures = served.start_seconds().div_ceil(10),
    )
}

fn service(served: &Served) -> String {
    let name = label(&served.name);
    format!(
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\nspec:\n  selector: {{ app: {name} }}\n  ports:\n    - {{ name: http, port: 80, targetPort: http }}\n"
    )
}

fn disruption_budget(served: &Served) -> String {
    let name = label(&served.name);
    format!(
        "# one pod at a time may be drained; a minimum equal to all replicas would block every drain\napiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: {name}\nspec:\n  maxUnavailable: 1\n  selector:\n    matchLabels: {{ app: {name} }}\n"
    )
}
