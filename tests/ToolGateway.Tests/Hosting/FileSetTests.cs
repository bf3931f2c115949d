using ToolGateway.Hosting;

namespace ToolGateway.Tests.Hosting;

public sealed class FileSetTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("fileset-").FullName;
    private readonly ConfigurationErrors _errors = new();

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void IsUnchanged_SameLengthAndTimestamp_SeesContent()
    {
        var path = Write("a.json", "one");
        var time = File.GetLastWriteTimeUtc(path);
        var files = new FileSet(_directory);
        files.Read("a.json", "key", _errors);
        Assert.True(files.IsUnchanged());

        File.WriteAllText(path, "two");
        File.SetLastWriteTimeUtc(path, time);

        Assert.False(files.IsUnchanged());
    }

    [Fact]
    public void IsUnchanged_DirectorySwappedByLink_SeesChange()
    {
        Write("..v1/p.rego", "one");
        Write("..v2/p.rego", "two");
        var link = Path.Combine(_directory, "..data");
        Directory.CreateSymbolicLink(link, Path.Combine(_directory, "..v1"));
        Directory.CreateDirectory(Path.Combine(_directory, "policies"));
        File.CreateSymbolicLink(Path.Combine(_directory, "policies", "p.rego"), Path.Combine(link, "p.rego"));
        var files = new FileSet(_directory);
        var read = files.ReadDirectory("policies", _ => true, "key", _errors);
        Assert.Equal("one"u8.ToArray(), Assert.Single(read!).Content.ToArray());

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, Path.Combine(_directory, "..v2"));

        Assert.False(files.IsUnchanged());
    }

    [Fact]
    public void IsUnchanged_FileAddedToDirectory_SeesChange()
    {
        Write("policies/a.rego", "a");
        var files = new FileSet(_directory);
        files.ReadDirectory("policies", path => path.EndsWith(".rego", StringComparison.Ordinal), "key", _errors);
        Write("policies/notes.txt", "not read");
        Assert.True(files.IsUnchanged());

        Write("policies/b.rego", "b");

        Assert.False(files.IsUnchanged());
    }

    [Fact]
    public void IsUnchanged_FileVanishes_SeesChange()
    {
        var path = Write("a.json", "one");
        var files = new FileSet(_directory);
        files.Read("a.json", "key", _errors);

        File.Delete(path);

        Assert.False(files.IsUnchanged());
    }

    [Fact]
    public void Read_MissingFile_NamesKeyPathAndRepair()
    {
        Assert.Null(new FileSet(_directory).Read("nowhere.json", "Identity:X", _errors));

        var error = Assert.Single(_errors.Items);
        Assert.Equal("ToolGateway:Identity:X = 'nowhere.json': the file cannot be read (it does not exist); give the path of a readable file", error.ToString());
    }

    private string Write(string name, string content)
    {
        var path = Path.Combine(_directory, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }
}
