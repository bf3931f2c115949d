using System.Security.Cryptography;
using System.Text;
using ToolGateway.Audit;
using ToolGateway.Audit.Verification;
using ToolGateway.Audit.Writing;

namespace ToolGateway.Tests.Audit;

/// <summary>Whatever is done to a log, verifying it notices, and says where.</summary>
public sealed class TamperTests
{
    private const int Rounds = 60;

    [Fact]
    public async Task Verify_WithAFlippedByte_NamesTheLine()
    {
        await EachAsync((random, segments, _) =>
        {
            var (segment, line) = Pick(random, segments);
            var text = segment.Lines[line];
            var at = random.Next(text.Length);
            text[at] ^= (byte)(1 << random.Next(8));
            return new Expectation(segment, line, 1, FaultKind.Changed, FaultKind.Truncated);
        });
    }

    [Fact]
    public async Task Verify_WithADroppedRecord_NamesIt()
    {
        await EachAsync((random, segments, _) =>
        {
            var (segment, line) = PickButLast(random, segments);
            var seq = Seq(segment.Lines[line]);
            segment.Lines.RemoveAt(line);
            return new Expectation(seq, FaultKind.Missing);
        });
    }

    [Fact]
    public async Task Verify_WithTwoRecordsSwapped_NamesThem()
    {
        await EachAsync((random, segments, _) =>
        {
            var (a, i) = PickButLast(random, segments);
            var (b, j) = PickButLast(random, segments);
            if (ReferenceEquals(a, b) && i == j)
                j = i == 0 ? 1 : i - 1;
            var (first, second) = (Seq(a.Lines[i]), Seq(b.Lines[j]));
            (a.Lines[i], b.Lines[j]) = (b.Lines[j], a.Lines[i]);
            return new Expectation([first, second], FaultKind.Reordered);
        });
    }

    [Fact]
    public async Task Verify_WithARecordTwice_NamesIt()
    {
        await EachAsync((random, segments, _) =>
        {
            var (from, line) = Pick(random, segments);
            var (to, place) = Pick(random, segments);
            var seq = Seq(from.Lines[line]);
            to.Lines.Insert(place, from.Lines[line]);
            return new Expectation(null, FaultKind.Reordered) { Seqs = null, Duplicate = seq };
        });
    }

    [Fact]
    public async Task Verify_WithTheEndCutOff_NoticesIt()
    {
        await EachAsync((random, segments, _) =>
        {
            // Up to and into the stop record: what a later checkpoint covers.
            var keep = random.Next(segments.Count);
            segments.RemoveRange(keep + 1, segments.Count - keep - 1);
            var last = segments[keep];
            var line = random.Next(Math.Max(1, last.Lines.Count - 2));
            if (random.Next(2) == 0)
            {
                last.Lines.RemoveRange(line, last.Lines.Count - line);
            }
            else
            {
                last.Lines[line] = last.Lines[line][..random.Next(1, last.Lines[line].Length)];
                last.Lines.RemoveRange(line + 1, last.Lines.Count - line - 1);
            }

            return new Expectation(null, FaultKind.Truncated) { Seqs = null };
        });
    }

    [Fact]
    public async Task Verify_WithTheNewestCheckpointsRemovedToo_NoticesWithAnAnchor()
    {
        await using var log = new TestLog(new AuditOptions { CheckpointRecords = 20, CheckpointExportPath = "anchors" });
        await log.OpenAsync();
        await log.CallsAsync(60);
        await log.Log.StopAsync();
        var anchor = Directory.GetFiles(Path.Combine(log.Root, "anchors"), "checkpoint-*.json").Order(StringComparer.Ordinal).Last();
        var segment = SegmentNames.Segments(log.Directory).Single();
        var lines = File.ReadAllLines(segment);
        foreach (var keep in new[] { 1, 10, lines.Length - 3 })
        {
            File.WriteAllLines(segment, lines.Take(keep));
            File.Delete(Path.Combine(log.Directory, SegmentNames.Head));
            Assert.Empty(log.Verify().Faults);
            Assert.Equal(FaultKind.Truncated, Assert.Single(log.Verify(anchor: anchor).Faults).Kind);
        }
    }

    [Fact]
    public async Task Verify_WithARecordRewrittenAndHashedAnew_NamesWhereTheChainBreaks()
    {
        await EachAsync((random, segments, _) =>
        {
            var (segment, line) = PickButLast(random, segments);
            var seq = Seq(segment.Lines[line]);
            var text = Encoding.UTF8.GetString(segment.Lines[line]).Replace("\"instance\":\"gw-1\"", "\"instance\":\"gw-2\"", StringComparison.Ordinal)
                .Replace("\"status\":200", "\"status\":201", StringComparison.Ordinal).Replace("\"status\":403", "\"status\":200", StringComparison.Ordinal);
            segment.Lines[line] = Encoding.UTF8.GetBytes(Rehash(text));
            return new Expectation(seq + 1, FaultKind.Foreign);
        });
    }

    [Fact]
    public async Task Verify_WithEveryRecordRewrittenFromOneOn_FindsTheSignaturesBroken()
    {
        await using var log = new TestLog(new AuditOptions { CheckpointRecords = 20 });
        await log.OpenAsync();
        await log.CallsAsync(30);
        await log.Log.StopAsync();
        var segment = SegmentNames.Segments(log.Directory).Single();
        var lines = File.ReadAllLines(segment);
        var prev = new string('0', 64);
        for (var i = 0; i < lines.Length; i++)
        {
            var body = lines[i][..lines[i].LastIndexOf(",\"prev\":", StringComparison.Ordinal)].Replace("crm", "hrm", StringComparison.Ordinal);
            lines[i] = Rehash($"{body},\"prev\":\"{prev}\",\"hash\":");
            prev = lines[i][^66..^2];
        }

        File.WriteAllLines(segment, lines);
        var faults = log.Verify().Faults;
        Assert.Contains(faults, fault => fault.Kind == FaultKind.Unsigned);
        Assert.Contains(faults, fault => fault.Kind == FaultKind.Foreign && fault.Detail.Contains("signed at record", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Verify_WithAnotherKey_SaysThatNothingIsSigned()
    {
        await using var log = new TestLog();
        await log.OpenAsync();
        await log.CallsAsync(2);
        await log.Log.StopAsync();
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var path = Path.Combine(log.Root, "other.pem");
        File.WriteAllText(path, other.ExportSubjectPublicKeyInfoPem());
        var report = log.Verify(publicKey: path);
        Assert.Equal(0, report.SignedSeq);
        Assert.All(report.Faults, fault => Assert.Equal(FaultKind.Unsigned, fault.Kind));
        Assert.NotEmpty(report.Faults);
    }

    private static async Task EachAsync(Func<Random, List<Segment>, TestLog, Expectation> tamper)
    {
        await using var log = new TestLog(new AuditOptions { CheckpointRecords = 15, SegmentBytes = 15_000 });
        await log.OpenAsync();
        await log.CallsAsync(40);
        await log.Log.StopAsync();
        Assert.Empty(log.Verify().Faults);
        var original = SegmentNames.Segments(log.Directory).Select(path => (Path: path, Bytes: File.ReadAllBytes(path))).ToList();
        Assert.True(original.Count >= 3);
        for (var seed = 0; seed < Rounds; seed++)
        {
            var segments = original.Select(file => new Segment(file.Path, Split(file.Bytes))).ToList();
            var expected = tamper(new Random(seed), segments, log);
            foreach (var (path, _) in original)
                File.Delete(path);
            foreach (var segment in segments)
                File.WriteAllBytes(segment.Path, [.. segment.Lines.SelectMany(line => line)]);
            expected.Check(log.Verify().Faults, seed);
        }
    }

    private static (Segment Segment, int Line) Pick(Random random, List<Segment> segments)
    {
        var segment = segments[random.Next(segments.Count)];
        return (segment, random.Next(segment.Lines.Count));
    }

    private static (Segment Segment, int Line) PickButLast(Random random, List<Segment> segments)
    {
        var segment = segments[random.Next(segments.Count)];
        return (segment, random.Next(segment.Lines.Count - (ReferenceEquals(segment, segments[^1]) ? 1 : 0)));
    }

    private static List<byte[]> Split(byte[] bytes)
    {
        var lines = new List<byte[]>();
        for (var from = 0; from < bytes.Length;)
        {
            var end = Array.IndexOf(bytes, (byte)'\n', from) + 1;
            lines.Add(bytes[from..end]);
            from = end;
        }

        return lines;
    }

    private static long Seq(byte[] line)
    {
        using var json = System.Text.Json.JsonDocument.Parse(line);
        return json.RootElement.GetProperty("seq").GetInt64();
    }

    private static string Rehash(string line)
    {
        var hashed = line[..line.LastIndexOf(",\"hash\":", StringComparison.Ordinal)];
        var end = line.EndsWith('\n') ? "\n" : "";
        return $"{hashed},\"hash\":\"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(hashed)))}\"}}{end}";
    }

    private sealed record Segment(string Path, List<byte[]> Lines);

    private sealed class Expectation(long[]? seqs, params FaultKind[] kinds)
    {
        private readonly Segment? _segment;
        private readonly int _line;
        private readonly int _slack;

        public Expectation(long seq, params FaultKind[] kinds)
            : this([seq], kinds)
        {
        }

        public Expectation(Segment segment, int line, int slack, params FaultKind[] kinds)
            : this(null, kinds) => (_segment, _line, _slack) = (segment, line, slack);

        public long[]? Seqs { get; init; } = seqs;

        public long? Duplicate { get; init; }

        public void Check(IReadOnlyList<AuditFault> faults, int seed)
        {
            Assert.True(faults.Count > 0, $"seed {seed}: nothing noticed");
            var first = faults[0];
            Assert.True(kinds.Contains(first.Kind), $"seed {seed}: {first}");
            if (_segment is not null)
            {
                Assert.Equal(Path.GetFileName(_segment.Path), first.File);
                Assert.InRange(first.Line, _line + 1, _line + 1 + _slack);
            }

            if (Seqs is not null)
                Assert.True(faults.Any(fault => fault.Seq is { } seq && Seqs.Contains(seq)), $"seed {seed}: {string.Join("; ", faults)}");
            if (Duplicate is { } twice)
                Assert.True(faults.Any(fault => fault.Detail.Contains($"{twice}", StringComparison.Ordinal) || fault.Seq == twice), $"seed {seed}: {string.Join("; ", faults)}");
        }
    }
}
