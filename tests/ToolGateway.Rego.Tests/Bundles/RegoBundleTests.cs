using System.Formats.Tar;
using System.IO.Compression;
using ToolGateway.Rego.Bundles;
using ToolGateway.Rego.Limits;

namespace ToolGateway.Rego.Tests.Bundles;

public class RegoBundleTests
{
    private static readonly RegoBundleOptions Unsigned = new() { AllowUnsigned = true };

    [Theory]
    [InlineData(TarEntryFormat.V7)]
    [InlineData(TarEntryFormat.Ustar)]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Read_EveryTarFormat_GivesTheSame(TarEntryFormat format)
    {
        var bundle = Sound(TestBundle.Pack(format, TestBundle.Files));
        Assert.Equal("r1", bundle.Revision);
        Assert.Equal("""{"team":"x"}""", bundle.Metadata.ToJson());
        Assert.Equal([""], bundle.Roots);
        Assert.Equal(1, bundle.RegoVersion);
        Assert.Equal(new RegoSource("app/policy.rego", TestBundle.Module), Assert.Single(bundle.Modules));
        Assert.Null(bundle.Signature);
    }

    [Fact]
    public void Read_Bundle_CompilesAndDecides()
    {
        var bundle = Sound(TestBundle.Pack(TestBundle.Files));
        var policy = new RegoCompiler().Compile(bundle.Modules, bundle.Data, null, bundle.Revision).Policy!;
        var result = policy.PrepareEntryPoint("app/allow").Query!.Evaluate("{}"u8, new RegoEvaluationOptions(RegoLimits.Tooling));
        Assert.Equal("1.0", result.Value!.ToJson());
        Assert.Equal("r1", policy.Revision);
    }

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    public void Read_LongAndForeignNames_AreKept(TarEntryFormat format)
    {
        var path = $"{new string('a', 120)}/é/{new string('b', 150)}.rego";
        Assert.Equal(path, Assert.Single(Sound(TestBundle.Pack(format, (path, TestBundle.Module))).Modules).File);
    }

    [Fact]
    public void Read_Data_IsAtItsPath()
    {
        var bundle = Sound(TestBundle.Pack(
            ("/data.json", """{"a":{"x":1}}"""), ("./a/b/data.yaml", "w: [2]\n"), ("c/data.yml", "z: 3\n"), ("a/other.json", "}"), ("policy.wasm", "\0asm"), ("plan.json", "{}")));
        Assert.Equal("""{"a":{"b":{"w":[2]},"x":1},"c":{"z":3}}""", bundle.Data.ToJson());
        Assert.Null(bundle.Revision);
    }

    [Fact]
    public void Read_Directories_AreIgnored()
    {
        var bundle = Sound(TestBundle.Pack(writer =>
        {
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "./"));
            writer.WriteEntry(new UstarTarEntry(TarEntryType.Directory, "app/"));
            writer.WriteEntry(TestBundle.File(TarEntryFormat.Ustar, "app/policy.rego", TestBundle.Module));
        }));
        Assert.Single(bundle.Modules);
    }

    [Theory]
    [InlineData("""{"roots":["app","limit"]}""", null)]
    [InlineData("""{"roots":["/app/","limit"],"rego_version":0,"file_rego_versions":{"/app/*.rego":0}}""", null)]
    [InlineData("""{"roots":["app"]}""", "data at /limit is outside of the roots [app]")]
    [InlineData("""{"roots":["limit"]}""", "app/policy.rego: package app is outside of the roots [limit]")]
    [InlineData("""{"roots":["limit","ap"]}""", "app/policy.rego: package app is outside of the roots [limit, ap]")]
    [InlineData("""{"roots":["limit","app/inner"]}""", "app/policy.rego: package app is outside of the roots")]
    [InlineData("""{"roots":[]}""", "outside of the roots []")]
    [InlineData("""{"roots":["app","app/x","limit"]}""", "roots 'app' and 'app/x' overlap")]
    [InlineData("""{"roots":["app",""]}""", "roots 'app' and '' overlap")]
    [InlineData("""{"roots":["../app"]}""", "is no path below data")]
    [InlineData("""{"roots":"app"}""", "roots is not an array of paths")]
    [InlineData("""{"roots":[1]}""", "root 1 is no path below data")]
    [InlineData("""{"revision":7}""", "revision is not a string")]
    [InlineData("""{"rego_version":2}""", "rego_version 2 is not known")]
    [InlineData("""{"file_rego_versions":{"/a/*":0}}""", "has another version than the bundle")]
    [InlineData("[]", ".manifest: not an object")]
    [InlineData("{", ".manifest:1:")]
    public void Read_Manifest_IsChecked(string manifest, string? error)
    {
        var reading = RegoBundle.Read(TestBundle.Pack((".manifest", manifest), ("app/policy.rego", TestBundle.Module), ("data.json", """{"limit":{"a":1}}""")), Unsigned);
        if (error is null)
            Assert.NotNull(reading.Bundle);
        else
            Refused(reading, error);
    }

    [Theory]
    [InlineData("../data.json", "leads out of the bundle")]
    [InlineData("a/../../data.json", "leads out of the bundle")]
    [InlineData("a\\data.json", "leads out of the bundle")]
    [InlineData("a/.manifest", "the manifest belongs at the bundle's top")]
    [InlineData("patch.json", "delta bundles are not supported")]
    [InlineData("data.json", "data.json: twice in the bundle")]
    [InlineData("./data.json", "data.json: twice in the bundle")]
    [InlineData("data.yaml", "data.yaml: data.limit is also given by another file")]
    public void Read_FileThatDoesNotBelong_IsRefused(string path, string error) =>
        Refused(RegoBundle.Read(TestBundle.Pack(("data.json", """{"limit":1}"""), (path, """{"limit":1}""")), Unsigned), error);

    [Theory]
    [InlineData("data.json", "{", "data.json:1:")]
    [InlineData("data.yaml", "a: [", "data.yaml:1: not YAML")]
    [InlineData("data.json", "[1]", "data at the top must be an object")]
    public void Read_BadDocument_NamesTheFile(string path, string text, string error) => Refused(RegoBundle.Read(TestBundle.Pack((path, text)), Unsigned), error);

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.Fifo)]
    public void Read_LinkOrDevice_IsRefused(TarEntryType type)
    {
        var packed = TestBundle.Pack(writer =>
        {
            var entry = new PaxTarEntry(type, "data.json");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
                entry.LinkName = "/etc/passwd";
            writer.WriteEntry(entry);
        });
        Refused(RegoBundle.Read(packed, Unsigned), "a bundle holds files and directories only");
    }

    [Fact]
    public void Read_Bomb_StopsAtTheLimit()
    {
        var packed = TestBundle.Pack(("data.json", new string(' ', 8 << 20)));
        Assert.True(packed.Length < 100_000);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(RegoBundle.Read(packed, Unsigned with { MaxUnpackedBytes = 1 << 20 }), "unpacks to more than 1048576 bytes");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 6 << 20);
    }

    [Fact]
    public void Read_AnnouncedSize_IsNotAllocated()
    {
        var header = new byte[1024];
        "x"u8.CopyTo(header);
        "00000000000 17777777777 "u8[12..].CopyTo(header.AsSpan(124));
        header[156] = (byte)'x';
        var sum = header.Sum(b => b) + (8 * ' ');
        System.Text.Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(header, 148);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Refused(RegoBundle.Read(Gzip(header), Unsigned), "2147483647 bytes are announced and fewer follow");
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void Read_TooLargeOrTooMany_IsRefused()
    {
        var packed = TestBundle.Pack(TestBundle.Files);
        Refused(RegoBundle.Read(packed, Unsigned with { MaxCompressedBytes = packed.Length - 1 }), "larger than");
        using var stream = new MemoryStream(packed);
        Refused(RegoBundle.Read(stream, Unsigned with { MaxCompressedBytes = packed.Length - 1 }), "larger than");
        Refused(RegoBundle.Read(packed, Unsigned with { MaxEntries = 2 }), "more than 2 entries");
        stream.Position = 0;
        Assert.NotNull(RegoBundle.Read(stream, Unsigned with { MaxCompressedBytes = packed.Length, MaxEntries = 3 }).Bundle);
    }

    [Fact]
    public void Read_TruncatedOrDamaged_NeverThrows()
    {
        var packed = TestBundle.Pack(TestBundle.Files);
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        var tar = unpacked.ToArray();

        // The end marks of gzip and the archive's padding may be missing: nothing of the bundle is.
        for (var length = 0; length < packed.Length; length += 7)
            Assert.True(RegoBundle.Read(packed.AsMemory(0, length), Unsigned).Bundle is not { } bundle || (length > packed.Length - 40 && bundle.Modules.Count == 1 && bundle.Data.Count == 2));
        for (var length = 0; length <= 3 * 1024; length += 100)
            Assert.Null(RegoBundle.Read(Gzip(tar[..length]), Unsigned).Bundle);
        var random = new Random(7);
        for (var round = 0; round < 300; round++)
        {
            var damaged = tar.ToArray();
            for (var i = 0; i < 4; i++)
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            var reading = RegoBundle.Read(Gzip(damaged), Unsigned);
            Assert.Equal(reading.Bundle is null, reading.Errors.Count > 0);
        }

        Refused(RegoBundle.Read("nothing"u8.ToArray(), Unsigned), "not a gzip-compressed tar archive");
    }

    private static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest))
            gzip.Write(content);
        return result.ToArray();
    }

    private static RegoBundle Sound(byte[] packed)
    {
        var reading = RegoBundle.Read(packed, Unsigned);
        Assert.Empty(reading.Errors);
        return reading.Bundle!;
    }

    private static void Refused(RegoBundleReading reading, string error)
    {
        Assert.Null(reading.Bundle);
        Assert.All(reading.Errors, item => Assert.Equal(RegoErrorCodes.Bundle, item.Code));
        Assert.Contains(reading.Errors, item => item.Message.Contains(error, StringComparison.Ordinal));
    }
}
