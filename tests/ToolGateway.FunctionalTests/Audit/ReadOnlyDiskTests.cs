using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using ToolGateway.Testing;

namespace ToolGateway.FunctionalTests.Audit;

/// <summary>A file system that the kernel makes read-only under the running gateway.</summary>
/// <remarks>Not while a process has a mount namespace of its own, in which the disk would stay mounted.</remarks>
[Collection(nameof(ReadOnlyDiskTests))]
public sealed class ReadOnlyDiskTests
{
    private static readonly Uri Customer = new("/tools/crm/customers/42", UriKind.Relative);

    [LoopDiskFact]
    public async Task Calls_AfterTheKernelMadeTheDiskReadOnly_AreBlocked_AndTheLogIsWholeOnceItIsMountedAgain()
    {
        using var disk = new LoopDisk();
        await using var fixture = await GatewayFixture.StartAsync(gateway =>
            gateway.Configuration["Audit"] = new JsonObject { ["Path"] = Path.Combine(disk.Directory, "audit"), ["Timeout"] = "00:00:02" });
        using var certificate = fixture.AgentCertificate("support");
        using (var client = fixture.Client(certificate))
        {
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
            disk.BecomeReadOnly();
            var seen = fixture.Upstream.Requests.Count;
            for (var i = 0; i < 3; i++)
                Assert.Equal(HttpStatusCode.ServiceUnavailable, await StatusAsync(client));
            Assert.Equal(seen, fixture.Upstream.Requests.Count);
        }

        using (var probes = new HttpClient())
        using (var ready = await probes.GetAsync(new Uri($"http://127.0.0.1:{fixture.ProbesPort}/readyz")))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);

        // As an operator would: repaired, mounted again, started again.
        await fixture.StopAsync();
        disk.Repair();
        await fixture.RestartAsync();
        using (var client = fixture.Client(certificate))
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(client));
        await fixture.StopAsync();
        Assert.Empty(WholeGatewayTests.Verify(Path.Combine(disk.Directory, "audit")).Faults);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client)
    {
        using var response = await client.GetAsync(Customer);
        return response.StatusCode;
    }

    /// <summary>An ext4 file system in a file, mounted while the test runs.</summary>
    private sealed class LoopDisk : IDisposable
    {
        private readonly string _root = System.IO.Directory.CreateTempSubdirectory("toolgateway-disk-").FullName;

        public LoopDisk()
        {
            System.IO.Directory.CreateDirectory(Directory);
            using (var image = File.Create(Image))
                image.SetLength(32 << 20);
            Run("mkfs.ext4", "-q", Image);
            Mount();
        }

        public string Directory => Path.Combine(_root, "mounted");

        private string Image => Path.Combine(_root, "image");

        /// <summary>Reports an error to the file system, which is mounted to become read-only on one.</summary>
        public void BecomeReadOnly()
        {
            var device = Path.GetFileName(Run("findmnt", "--noheadings", "--output", "SOURCE", Directory).Trim());
            File.WriteAllText($"/sys/fs/ext4/{device}/trigger_fs_error", "1");
        }

        public void Repair()
        {
            Run("umount", Directory);

            // 1: faults were found and mended.
            Run("e2fsck", "-p", "-f", Image);
            Mount();
        }

        public void Dispose()
        {
            Run("umount", "--lazy", Directory);
            System.IO.Directory.Delete(_root, recursive: true);
        }

        private void Mount() => Run("mount", "--options", "loop,errors=remount-ro", Image, Directory);

        private static string Run(string program, params string[] arguments)
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0 || (program == "e2fsck" && process.ExitCode == 1), $"{program} exits with {process.ExitCode}");
            return output;
        }
    }

    /// <summary>Runs where a file can be mounted as a disk.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class LoopDiskFactAttribute : FactAttribute
    {
        public LoopDiskFactAttribute() => Skip =
            Environment.IsPrivilegedProcess && File.Exists("/dev/loop-control") && File.Exists("/sbin/mkfs.ext4") ? null : "needs root, loop devices and mkfs.ext4";
    }
}
