using System.Text.Json.Nodes;
using ToolGateway.Host.Dev;
using ToolGateway.Hosting;
using ToolGateway.Testing;
using YamlDotNet.RepresentationModel;

namespace ToolGateway.FunctionalTests.Samples;

/// <summary>What can be said of the samples without an engine that runs containers.</summary>
public sealed class DeploymentTests
{
    private static string Samples => Repository.Path("samples");

    [Fact]
    public void Yaml_OfEverySample_Parses()
    {
        var files = Directory.EnumerateFiles(Samples, "*.y*ml", SearchOption.AllDirectories).Where(static file => !file.Contains("/obj/", StringComparison.Ordinal)).ToArray();

        Assert.True(files.Length > 8);
        Assert.All(files, static file => Assert.NotEmpty(Load(file).Documents));
    }

    [Fact]
    public void Compose_Services_AreLockedAndTheirFilesExist()
    {
        var root = Load(Path.Combine(Samples, "compose/compose.yaml")).Documents[0].RootNode;
        var services = Map(root["services"]);
        var volumes = Map(root["volumes"]).Keys.ToHashSet(StringComparer.Ordinal);
        foreach (var (name, service) in services)
        {
            if (Get(service, "image") is { } image)
                AssertPinned(image.ToString());
            else
                Assert.True(File.Exists(Dockerfile(service["build"])), $"{name}: there is no {Dockerfile(service["build"])}");
            foreach (var mount in Items(Get(service, "volumes")).Select(static node => node.ToString().Split(':')[0]))
            {
                Assert.True(
                    volumes.Contains(mount) || Path.Exists(Path.Combine(Samples, "compose", mount)), $"{name} mounts {mount}, which is not there");
            }
        }

        foreach (var name in new[] { "gateway", "opa" })
        {
            Assert.Equal("true", services[name]["read_only"].ToString());
            Assert.Equal(["ALL"], Items(services[name]["cap_drop"]).Select(static node => node.ToString()));
        }

        // Only the gateway stands on both sides: nobody reaches a tool around it.
        Assert.Equal(["tools"], Items(services["crm"]["networks"]).Select(static node => node.ToString()));
        Assert.Equal(["crm", "gateway"], services.Where(static entry => Items(Get(entry.Value, "networks")).Any(static node => node.ToString() == "tools")).Select(static entry => entry.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Dockerfile_RunsAsNobodySpecial_OnPinnedImages()
    {
        foreach (var file in new[] { Repository.Path("Dockerfile"), Path.Combine(Samples, "compose/SampleTools.Dockerfile") })
        {
            var lines = File.ReadAllLines(file);
            Assert.Contains("USER 65532:65532", lines);
            Assert.All(lines.Where(static line => line.StartsWith("FROM ", StringComparison.Ordinal)), static line => AssertPinned(line.Split(' ')[1]));
        }
    }

    [Fact]
    public void Kubernetes_Containers_AreLockedProbedAndPinned()
    {
        var workload = Load(Path.Combine(Samples, "kubernetes/gateway.yaml")).Documents.Select(static document => document.RootNode).Single(static node => node["kind"].ToString() == "StatefulSet");
        var pod = workload["spec"]["template"]["spec"];
        Assert.Equal("true", pod["securityContext"]["runAsNonRoot"].ToString());
        Assert.Equal("RuntimeDefault", pod["securityContext"]["seccompProfile"]["type"].ToString());
        Assert.Equal("false", pod["automountServiceAccountToken"].ToString());
        var volumes = Items(pod["volumes"]).Select(static volume => volume["name"].ToString())
            .Concat(Items(workload["spec"]["volumeClaimTemplates"]).Select(static claim => claim["metadata"]["name"].ToString())).ToHashSet(StringComparer.Ordinal);
        foreach (var container in Items(pod["containers"]).Concat(Items(Get(pod, "initContainers"))))
        {
            AssertPinned(Of(container, "image").ToString());
            var security = Of(container, "securityContext");
            Assert.Equal("true", security["readOnlyRootFilesystem"].ToString());
            Assert.Equal("false", security["allowPrivilegeEscalation"].ToString());
            Assert.Equal("ALL", Items(security["capabilities"]["drop"]).Single().ToString());
            Assert.NotNull(Get(Of(container, "resources"), "limits"));
            Assert.All(Items(Of(container, "volumeMounts")), mount => Assert.Contains(mount["name"].ToString(), volumes));
        }

        foreach (var container in Items(pod["containers"]).Where(static container => container["name"].ToString() is "gateway" or "opa"))
        {
            Assert.NotNull(container["livenessProbe"]["httpGet"]);
            Assert.NotNull(container["readinessProbe"]["httpGet"]);
        }
    }

    [Fact]
    public void Kustomization_NamesWhatExists_AndEveryPolicyFile()
    {
        var folder = Path.Combine(Samples, "kubernetes");
        var root = Load(Path.Combine(folder, "kustomization.yaml")).Documents[0].RootNode;
        var maps = Items(root["configMapGenerator"]).ToDictionary(
            static map => map["name"].ToString(), static map => Items(map["files"]).Select(static file => file.ToString().Split('=')[^1]).ToArray(), StringComparer.Ordinal);

        Assert.All(Items(root["resources"]).Select(static node => node.ToString()).Concat(maps.Values.SelectMany(static files => files)), file => Assert.True(File.Exists(Path.Combine(folder, file)), file));
        Assert.Equal(
            Directory.EnumerateFiles(Repository.Path("policies/toolgateway"), "*.rego").Select(Path.GetFileName).Where(static name => !name!.EndsWith("_test.rego", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
            maps["toolgateway-policy"].Select(Path.GetFileName).Order(StringComparer.Ordinal));
        var used = Load(Path.Combine(folder, "gateway.yaml")).Documents.SelectMany(static document => document.AllNodes).OfType<YamlMappingNode>().Select(static node => Get(node, "configMap")).OfType<YamlMappingNode>().Select(static map => map["name"].ToString());
        Assert.All(used, name => Assert.Contains(name, maps.Keys));
    }

    [Theory]
    [InlineData("compose")]
    [InlineData("kubernetes")]
    public void Configuration_OfTheSample_PassesTheCheck(string sample)
    {
        var folder = Directory.CreateTempSubdirectory("toolgateway-sample-").FullName;
        try
        {
            foreach (var name in new[] { "svids", "secrets", "certs" })
                Directory.CreateDirectory(Path.Combine(folder, name));
            using var certificates = DevCertificates.Create("acme.test");
            using var server = certificates.IssueServer(["localhost"]);
            foreach (var (directory, key) in new[] { ("certs", "gateway-key.pem"), ("svids", "svid.key") })
            {
                DevFiles.Write(Path.Combine(folder, directory), key == "svid.key" ? "svid.pem" : "gateway.pem", server.ExportCertificatePem());
                DevFiles.WriteKey(Path.Combine(folder, directory), key, System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(server)!.ExportPkcs8PrivateKeyPem());
                DevFiles.Write(Path.Combine(folder, directory), "bundle.json", certificates.BundleJson());
                DevFiles.Write(Path.Combine(folder, directory), "bundle.pem", certificates.Authority.ExportCertificatePem());
            }

            DevFiles.Write(Path.Combine(folder, "secrets"), "crm-token", "x");
            DevFiles.Write(folder, "crm-token", "x");
            var text = File.ReadAllText(Path.Combine(Samples, sample, "config/appsettings.json"));
            foreach (var mount in new[] { "svids", "secrets", "audit" })
                text = text.Replace($"\"/{mount}/", $"\"{folder}/{mount}/", StringComparison.Ordinal);
            Assert.NotNull(JsonNode.Parse(text));
            var file = DevFiles.Write(folder, "appsettings.json", text);

            var configuration = GatewayConfiguration.Read(file).Errors;

            Assert.Empty(configuration);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void AssertPinned(string image)
    {
        var tag = image.Split('/')[^1].Split(':', 2);
        Assert.True(tag.Length == 2 && tag[1] is not "latest", $"{image} is not pinned");
    }

    private static string Dockerfile(YamlNode build) => build is YamlScalarNode
        ? Path.Combine(Samples, "compose", build.ToString(), "Dockerfile")
        : Path.Combine(Samples, "compose", build["context"].ToString(), build["dockerfile"].ToString());

    private static YamlStream Load(string file)
    {
        var yaml = new YamlStream();
        using var reader = File.OpenText(file);
        yaml.Load(reader);
        return yaml;
    }

    private static Dictionary<string, YamlNode> Map(YamlNode node) => ((YamlMappingNode)node).ToDictionary(static pair => pair.Key.ToString(), static pair => pair.Value, StringComparer.Ordinal);

    private static YamlNode? Get(YamlNode node, string key) => ((YamlMappingNode)node).Children.TryGetValue(key, out var value) ? value : null;

    /// <summary>A member, or the one of the node that is merged in by <c>&lt;&lt;</c>.</summary>
    private static YamlNode Of(YamlNode node, string key) => Get(node, key) ?? node["<<"][key];

    private static IEnumerable<YamlNode> Items(YamlNode? node) => node is null ? [] : (YamlSequenceNode)node;
}
