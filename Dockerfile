# meshtopo as a KRM function in a container. `make image` builds it.
#
# The user of a function is nobody unless kustomize is told otherwise, and has to have a name in the image: nothing
# else in here has a user. It is given by its number, because Kubernetes refuses a name where runAsNonRoot is set. The working directory is where a kustomization mounts the topology.
FROM scratch
COPY bin/passwd /etc/passwd
COPY bin/meshtopo /usr/local/bin/meshtopo
USER 65534:65534
WORKDIR /mesh
ENTRYPOINT ["/usr/local/bin/meshtopo", "fn"]
