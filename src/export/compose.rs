//! A Docker Compose file that starts one replica of vLLM.

use super::escape::{comment, label};
use super::launch::vllm_args_yaml;
use super::served::Served;

/// Tag of the image: the scenario's version, or the one the flags were checked with.
pub fn vllm_image(served: &Served) -> String {
    let tag = served.engine_version.as_deref().filter(|v| v.chars().all(|c| c.is_ascii_alphanumeric() || c == '.'));
    let repository = if served.is_amd() { "vllm/vllm-openai-rocm" } else { "vllm/vllm-openai" };
    format!("{repository}:v{}", tag.unwrap_or("0.33.0").trim_start_matches('v'))
}

/// The file.
pub fn compose(served: &Served) -> String {
    let devices = if served.is_amd() {
        "    devices: [\"/dev/kfd\", \"/dev/dri\"]\n    group_add: [\"video\"]\n    security_opt: [\"seccomp:unconfined\"]\n".to_string()
    } else {
        format!(
            "    deploy:\n      resources:\n        reservations:\n          devices:\n            - driver: nvidia\n              count: {} # fleet.gpus_per_replica\n              capabilities: [gpu]\n",
            served.gpus
        )
    };
    format!(
        "# One of {} replicas (fleet.replicas): run this file on each host, behind a load balancer.\n# {}\nservices:\n  {}:\n    image: {}\n    command:\n{}    ports: [\"8000:8000\"]\n    ipc: host # tensor parallel ranks share memory\n    environment:\n      HF_TOKEN: ${{HF_TOKEN:-}} # only for gated models\n    volumes: [\"huggingface:/root/.cache/huggingface\"]\n{}    healthcheck:\n      test: [\"CMD\", \"curl\", \"-fsS\", \"http://localhost:8000/v1/models\"]\n      interval: 30s\n      timeout: 10s\n      retries: 3\n      start_period: {}s # {:.0} GB of weights\n    restart: unless-stopped\nvolumes:\n  huggingface: {{}}\n",
        served.replicas,
        comment(&served.link),
        label(&served.name),
        vllm_image(served),
        vllm_args_yaml(served, 6),
        devices,
        served.start_seconds(),
        served.weights_bytes / 1e9,
    )
}
